/** Ids of organisations, technicians, devices and reports: readable, safe in composite keys, file names and shells. */
export const IDENTIFIER = /^[A-Za-z0-9](?:[A-Za-z0-9._:+-]|\/(?=[A-Za-z0-9])){0,127}$/;

/** Kinds of quantity: `temperature`, `relative-humidity`. */
export const QUANTITY = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,63}$/;

export const SHA256_HEX = /^[0-9a-f]{64}$/;

export const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** A member's id and the like: lower-case letters, digits and single hyphens. */
export const SHORT_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const DOMAIN = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
export const CHANNEL_NAME = /^[a-z][a-z0-9.-]*$/;
export const MSP_ID = /^[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$/;

import { BinaryReader, BinaryWriter } from 'google-protobuf';

/**
 * The messages of chaincode_shim.proto that Fabric peers since 3.1 use for several keys at once. fabric-shim contains older
 * protobufs, and a second copy in one process breaks both. So these few messages are encoded and decoded here.
 */
export const MESSAGE_TYPE = { READY: 4, WRITE_BATCH_STATE: 24, GET_STATE_MULTIPLE: 25 } as const;

/** The type of a record of a write batch. */
const RECORD_TYPE = { PUT_STATE: 9, DEL_STATE: 10 } as const;

/** A key and its new value; undefined deletes it. */
export type Write = readonly [key: string, value: Uint8Array | undefined];

/** ChaincodeAdditionalParams. */
export interface Parameters {
  readonly usesWriteBatch: boolean;
  readonly maxWriteBatch: number;
  readonly usesMultipleKeys: boolean;
  readonly maxMultipleKeys: number;
}

/** Payload of GET_STATE_MULTIPLE. */
export function stateMultiple(keys: readonly string[]): Uint8Array {
  const writer = new BinaryWriter();
  writer.writeRepeatedString(1, [...keys]);
  return writer.getResultBuffer();
}

/** Payload of the answer to it: empty where there is no value. */
export function valuesOf(result: Uint8Array): readonly Uint8Array[] {
  const values: Uint8Array[] = [];
  eachField(result, (reader, field) => {
    if (field !== 1) return false;
    values.push(reader.readBytes());
    return true;
  });
  return values;
}

/** Payload of WRITE_BATCH_STATE. */
export function writeBatch(writes: readonly Write[]): Uint8Array {
  const batch = new BinaryWriter();
  for (const [key, value] of writes) {
    const record = new BinaryWriter();
    record.writeString(1, key);
    record.writeBytes(2, value ?? new Uint8Array());
    record.writeEnum(5, value === undefined ? RECORD_TYPE.DEL_STATE : RECORD_TYPE.PUT_STATE);
    batch.writeBytes(1, record.getResultBuffer());
  }
  return batch.getResultBuffer();
}

/** Payload of READY; peers from before Fabric 3.1 send none. */
export function parametersIn(ready: Uint8Array): Parameters {
  const parameters = { usesWriteBatch: false, maxWriteBatch: 0, usesMultipleKeys: false, maxMultipleKeys: 0 };
  eachField(ready, (reader, field) => {
    if (field === 1) parameters.usesWriteBatch = reader.readBool();
    else if (field === 2) parameters.maxWriteBatch = reader.readUint32();
    else if (field === 3) parameters.usesMultipleKeys = reader.readBool();
    else if (field === 4) parameters.maxMultipleKeys = reader.readUint32();
    else return false;
    return true;
  });
  return parameters;
}

/** @param read Returns whether it has read the field; otherwise the field is skipped. */
function eachField(message: Uint8Array, read: (reader: BinaryReader, field: number) => boolean): void {
  const reader = new BinaryReader(message);
  while (reader.nextField()) {
    if (!read(reader, reader.getFieldNumber())) reader.skipField();
  }
}

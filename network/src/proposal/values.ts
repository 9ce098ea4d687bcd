import { X509Certificate } from 'node:crypto';
import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';

interface Readable {
  serializeBinary(): Uint8Array;
  toObject(): object;
}

type Reader = (bytes: Uint8Array) => Readable;

/**
 * The values of a configuration that can be put into words: by their names, which decide how Fabric reads them. Others, such as the
 * options of the consensus, have no words.
 */
const READERS: Readonly<Record<string, Reader>> = {
  ACLs: (bytes) => peer.ACLs.deserializeBinary(bytes),
  AnchorPeers: (bytes) => peer.AnchorPeers.deserializeBinary(bytes),
  BatchSize: (bytes) => orderer.BatchSize.deserializeBinary(bytes),
  BatchTimeout: (bytes) => orderer.BatchTimeout.deserializeBinary(bytes),
  BlockDataHashingStructure: (bytes) => common.BlockDataHashingStructure.deserializeBinary(bytes),
  Capabilities: (bytes) => common.Capabilities.deserializeBinary(bytes),
  Endpoints: (bytes) => common.OrdererAddresses.deserializeBinary(bytes),
  HashingAlgorithm: (bytes) => common.HashingAlgorithm.deserializeBinary(bytes),
  Orderers: (bytes) => common.Orderers.deserializeBinary(bytes),
};

const MSP_NAME = 'MSP';
/** Fabric's MSP type for X.509. */
const X509_MSP = 0;
/** A longer text cannot be compared by anybody who reads it. */
const MAX_CHARACTERS = 4096;

/** What a value says, by the names of its fields; undefined if it cannot be shown in full. */
export function valueFacts(name: string, bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  try {
    const message = name === MSP_NAME ? mspIn(bytes) : READERS[name] && exactly(READERS[name], bytes);
    if (message === undefined) return undefined;
    const facts = new Map(factsIn(message.toObject(), ''));
    return [...facts.values()].every((text) => text.length <= MAX_CHARACTERS) ? facts : undefined;
  } catch {
    return undefined;
  }
}

function mspIn(bytes: Uint8Array): Readable | undefined {
  const outer = exactly((each) => msp.MSPConfig.deserializeBinary(each), bytes) as msp.MSPConfig | undefined;
  if (outer?.getType() !== X509_MSP) return undefined;
  return exactly((each) => msp.FabricMSPConfig.deserializeBinary(each), outer.getConfig_asU8());
}

/** Undefined if the bytes hold anything that was not read. Map entries may have any order, so the bytes are compared in theirs. */
function exactly(read: Reader, bytes: Uint8Array): Readable | undefined {
  const message = read(bytes);
  const inOrder = (each: Uint8Array): Buffer => Buffer.from(Uint8Array.from(each).sort());
  return inOrder(message.serializeBinary()).equals(inOrder(bytes)) ? message : undefined;
}

type Fact = readonly [name: string, text: string];

function factsIn(value: unknown, name: string): readonly Fact[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value.flatMap((each, index) => factsIn(...entryOf(each, index, name)));
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, each]) => factsIn(each, joined(name, fieldName(key))));
  }
  if (typeof value === 'string') return [[name, certificateWords(value)]];
  return [[name, JSON.stringify(value)]];
}

/** An entry of a map has its key as name, one of a list its place. */
function entryOf(each: unknown, index: number, name: string): readonly [unknown, string] {
  if (Array.isArray(each) && each.length === 2 && typeof each[0] === 'string') {
    const [key, value] = each as [string, unknown];
    // A capability has no content: that it is there says all.
    return [isEmpty(value) ? 'present' : value, joined(name, key)];
  }
  return [each, `${name} ${index + 1}`];
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function joined(name: string, part: string): string {
  return name === '' ? part : `${name}.${part}`;
}

/** `rootCertsList` is `rootCerts` in Fabric's own words. */
function fieldName(key: string): string {
  return key.replace(/(?:List|Map)$/, '').replace(/\$$/, '');
}

/** Bytes come as base64: those of a certificate are told by what is in it. */
export function certificateWords(text: string): string {
  const pem = Buffer.from(text, 'base64').toString('latin1');
  if (!pem.startsWith('-----BEGIN CERTIFICATE-----')) return text;
  const { subject, validTo, fingerprint256, raw } = new X509Certificate(pem);
  if (raw.length === 0) return text;
  return `certificate of ${subject.replaceAll('\n', ', ')}, until ${validTo}, SHA-256 ${fingerprint256.replaceAll(':', '').toLowerCase()}`;
}

import { X509Certificate } from 'node:crypto';
import { dateOf, instantOf } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import {
  acceptanceOf,
  certificateDigest,
  keySigner,
  newStatement,
  referenceTo,
  ReportBuilder,
  signReport,
  signStatement,
} from '@tracecal/gateway-client';
import type { Item, Signer, TraceCal } from '@tracecal/gateway-client';
import { certifyDevice, generateKeyPair, signerOf } from '@tracecal/pki';
import { temperatureResult } from '../support/hierarchy.js';
import { testKey } from '../support/testKey.js';
import type { GoldenTransaction } from './fixtures.js';
import { itemsIn } from './statements.js';
import { NEWCOMERS } from './story/index.js';

const OWNER = 'oem-a';
const DEVICE = { kind: 'device', id: `${OWNER}/much-later` } as const;
const REPORT = `${DEVICE.id}-r1`;

/**
 * Registers a new device on top of the golden ledger, and its calibration with a golden standard: by those whose test keys can be
 * made again. Returns the device.
 */
export async function registerLater(member: TraceCal, transactions: readonly GoldenTransaction[]): Promise<string> {
  const items = transactions.flatMap(itemsIn) as readonly Item[];
  const [officer, technician, standard] = [NEWCOMERS.officer, NEWCOMERS.technician, NEWCOMERS.standard].map(
    ({ id, seed }) => keySigner(testKey(seed), itemAbout(items, id).certificate ?? ''),
  ) as [Signer, Signer, Signer];
  const registry = await member.registry();
  await member.registerDevice(await newDevice(registry, technician, officer));

  const { statement: parent } = itemAbout(items, NEWCOMERS.standard.report);
  const report = new ReportBuilder({
    registry,
    report: REPORT,
    device: DEVICE.id,
    organisation: OWNER,
    technician: NEWCOMERS.technician.id,
  })
    .performed(dateOf(instantOf(Date.now())))
    .parent(referenceTo(parent))
    .result(temperatureResult(0.05))
    .build();
  const signed = await signReport(report, [technician, standard]);
  const accepted = acceptanceOf(signed.statement, { author: OWNER, number: 1 });
  await member.createReport({ ...signed, acceptance: await signStatement(accepted, [officer]) });
  return DEVICE.id;
}

async function newDevice(registry: string, technician: Signer, officer: Signer): Promise<Item> {
  const { privateKey, publicKey } = generateKeyPair();
  const der = Buffer.from(technician.certificate, 'base64');
  const issuer = {
    certificate: new X509Certificate(der).toString(),
    sign: signerOf(testKey(NEWCOMERS.technician.seed)),
  };
  const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2045-12-31T23:59:59Z') };
  const pem = await certifyDevice(issuer, { id: DEVICE.id, organisation: OWNER, publicKey, validity });
  const certificate = new X509Certificate(pem).raw.toString('base64');
  const imprint = newStatement('device', {
    registry,
    author: OWNER,
    subject: DEVICE,
    body: {
      kind: 'field',
      serial: 'SN much later',
      model: 'Pt100',
      manufacturer: 'Sensor Works',
      owner: OWNER,
      intervalDays: null,
      technician: NEWCOMERS.technician.id,
      certificateSha256: certificateDigest(certificate),
    },
  });
  const statement = await signStatement(imprint, [technician, keySigner(privateKey, certificate), officer]);
  return { statement, certificate };
}

/** The first of these that is about something. */
function itemAbout(items: readonly Item[], id: string): Item {
  const found = items.find(({ statement }) => readStatement(statement).subject.id === id);
  if (!found) {
    throw new Error(`The golden ledger holds nothing about ${id}.`);
  }
  return found;
}

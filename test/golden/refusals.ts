import { RegistryContract } from '@tracecal/chaincode';
import { canonicalJson } from '@tracecal/core/model';
import type { Result } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import {
  certificateDigest,
  keySigner,
  newStatement,
  referenceTo,
  ReportBuilder,
  signReport,
  signStatement,
} from '@tracecal/gateway-client';
import type { Item, Signer, UnsignedReport } from '@tracecal/gateway-client';
import { later, SEALED, temperatureResult } from '../support/hierarchy.js';
import { MemoryLedger } from '../support/memoryLedger.js';
import { testKey } from '../support/testKey.js';
import type { Golden, GoldenRefusal, GoldenTransaction } from './fixtures.js';
import { itemsIn } from './statements.js';
import { NEWCOMERS } from './story/index.js';

const OWNER = 'oem-a';
const DEVICE = 'oem-a/sensor-a';
/** A member that may submit, and a day after the last epoch was opened. */
const MSP_ID = 'NmiNorthMSP';
const TIME = later(SEALED, 60);
const TODAY = TIME.slice(0, 10);
const TOO_MANY = 1025;

type Call = Pick<GoldenTransaction, 'mspId' | 'transaction' | 'argument'>;

/** What the registry refuses on top of the golden ledger, once for every code: signed by those whose keys are made again. */
export async function makeRefusals(
  kept: Pick<Golden, 'founding' | 'state' | 'transactions'>,
): Promise<readonly GoldenRefusal[]> {
  const refusals: GoldenRefusal[] = [];
  for (const [name, call] of Object.entries(await calls(kept))) {
    const given = { name, txId: String(refusals.length).padStart(64, '0'), time: TIME, ...call };
    refusals.push({ ...given, code: await codeOf(kept, given) });
  }
  return refusals;
}

/** The code with which the golden registry refuses a call, or `VALID`. */
export async function codeOf(
  kept: Pick<Golden, 'founding' | 'state'>,
  { txId, time, mspId, transaction, argument }: Omit<GoldenRefusal, 'code'>,
): Promise<string> {
  const ledger = new MemoryLedger(new RegistryContract({ founding: kept.founding }));
  kept.state.forEach((value, key) => ledger.state.set(key, Buffer.from(value)));
  Object.assign(ledger, { txId, now: time });
  try {
    await ledger.submit({ mspId }, transaction, argument);
    return 'VALID';
  } catch (error) {
    return /^(?:[A-Za-z]*Error: )?([A-Z_]+): /.exec(String(error))?.[1] ?? String(error);
  }
}

async function calls({ transactions }: Pick<Golden, 'transactions'>): Promise<Readonly<Record<string, Call>>> {
  const items = transactions.flatMap(itemsIn) as readonly Item[];
  const aboutNewcomer = (id: string): Item =>
    items.find(({ statement }) => readStatement(statement).subject.id === id)!;
  const [officer, technician, standard] = (['officer', 'technician', 'standard'] as const).map((role) =>
    keySigner(testKey(NEWCOMERS[role].seed), aboutNewcomer(NEWCOMERS[role].id).certificate ?? ''),
  ) as [Signer, Signer, Signer];
  const parent = referenceTo(aboutNewcomer(NEWCOMERS.standard.report).statement);
  const { registry } = readStatement(aboutNewcomer(NEWCOMERS.standard.report).statement);

  const report = (performed: string, results: readonly Result[], cited = parent, device = DEVICE): UnsignedReport =>
    new ReportBuilder({
      registry,
      report: `${OWNER}/refused`,
      device,
      organisation: OWNER,
      technician: NEWCOMERS.technician.id,
      date: TIME,
    })
      .performed(performed)
      .parent(cited)
      .result(...results)
      .build();
  const signed = (unsigned: UnsignedReport): Promise<Item> => signReport(unsigned, [technician, standard]);
  const filed = async (unsigned: UnsignedReport): Promise<Call> => call('createReport', [await signed(unsigned)]);
  const sound = report(TODAY, [temperatureResult(0.05)]);
  const item = await signed(sound);
  const said = async (author: string, subject: string, place = registry) =>
    signStatement(
      newStatement('suspension', {
        registry: place,
        author,
        subject: { kind: 'device', id: subject },
        date: TIME,
        number: 1,
        body: { effective: TIME, reason: 'unspecified' },
      }),
      [officer],
    );
  const unreadable = (argument: string): Call => ({ ...call('createReport', []), argument });
  const payload = Buffer.from(item.statement.payload, 'base64url').toString();
  const nextVersion = Buffer.from(payload.replace('tracecal-report/1', 'tracecal-report/2')).toString('base64url');
  const device = aboutNewcomer(NEWCOMERS.standard.id);
  const { certificate = '' } = aboutNewcomer(NEWCOMERS.officer.id);
  const imprint = newStatement('device', {
    registry,
    author: OWNER,
    subject: { kind: 'device', id: `${OWNER}/refused` },
    date: TIME,
    body: {
      kind: 'field',
      serial: 'SN refused',
      model: 'Pt100',
      manufacturer: 'Sensor Works',
      owner: OWNER,
      intervalDays: null,
      technician: NEWCOMERS.technician.id,
      certificateSha256: certificateDigest(certificate),
    },
  });

  return {
    'a text that is no JSON': unreadable('{"items":['),
    'a name twice': unreadable('{"items":[],"items":[]}'),
    'too many items': unreadable(`{"items":[${'0,'.repeat(TOO_MANY)}0]}`),
    'no items': call('createReport', []),
    'another version': call('createReport', [{ ...item, statement: { ...item.statement, payload: nextVersion } }]),
    'a certificate of somebody else': call('registerDevice', [
      { statement: await signStatement(imprint, [technician, officer]), certificate },
    ]),
    'a signature that is missing': call('createReport', [
      { ...item, statement: { ...item.statement, signatures: item.statement.signatures.slice(0, 1) } },
    ]),
    'a stranger without a say': call('suspend', [{ statement: await said(OWNER, 'lab-alpha/reference-a') }]),
    'a statement for another registry': call('suspend', [{ statement: await said(OWNER, DEVICE, 'elsewhere') }]),
    'something that is there already': call('registerDevice', [device]),
    'a device that nobody registered': call('suspend', [{ statement: await said(OWNER, `${OWNER}/nobody`) }]),
    'more than the standard supports': await filed(report(TODAY, [temperatureResult(0.000_001)])),
    'work of tomorrow': await filed(report('2027-01-01', [temperatureResult(0.05)])),
    'a parent that nobody registered': await filed(
      report(TODAY, [temperatureResult(0.05)], { ...parent, report: `${OWNER}/nobody` }),
    ),
    'a device that is revoked': await filed(report(TODAY, [temperatureResult(0.05)], parent, 'lab-beta/drifted')),
    'somebody below the calibration level': { ...call('createReport', [item]), mspId: 'OemAMSP' },
  };
}

function call(transaction: string, items: readonly object[]): Call {
  return { mspId: MSP_ID, transaction, argument: canonicalJson({ items }) };
}

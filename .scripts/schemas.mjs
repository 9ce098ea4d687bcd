// Writes gateway-client/schemas: JSON Schemas (draft 2020-12) of what travels in files, made from the shapes by which the code refuses
// and from the doc comments of its types. With --check it writes nothing, names the files that differ, and fails.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { SchemaOfType } from './schemaOfType.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'gateway-client', 'schemas');
const load = createRequire(import.meta.url);
const core = (file) => join(root, 'chaincode', 'core', 'dist', file);
const client = (file) => join(root, 'gateway-client', 'dist', file);
const network = (file) => join(root, 'network', 'dist', file);

const z = load('zod/mini');
const { DATE, INSTANT } = load(core('model/time.js'));
const { recordShapes } = load(core('model/recordShapes.js'));
const { resultSchema } = load(core('model/resultSchema.js'));
const { jwsSchema } = load(core('model/schemas.js'));
const { date, instant } = load(core('model/shapes.js'));
const { evidenceShape, NAMES } = load(core('trace/evidence.js'));
const { optionsShape } = load(core('trace/options.js'));
const { base64, trustShape } = load(client('client/trust/parseTrust.js'));
const { bundleShape } = load(client('proof/verify/bundle.js'));
const { bytesShape } = load(client('proof/verify/bytes.js'));
const { auditShape } = load(client('audit/shape.js'));
const { evidenceFileShape } = load(client('audit/evidence.js'));
const { openingShape } = load(core('pseudonym/opening.js'));
const { pseudonymFileShape } = load(core('pseudonym/file.js'));
const { disclosureSchema } = load(core('model/disclosure.js'));
const { readerKeyShape } = load(core('model/readerKey.js'));
const { memberFileShape, memberSignatureShape } = load(network('member/formats.js'));
const { invitationShape } = load(network('member/invitation.js'));
const { proposalShape } = load(network('proposal/formats.js'));
const { headShape } = load(client('proof/verify/log/head.js'));

const declarations = {
  records: core('model/recordShapes.d.ts'),
  results: core('model/results.d.ts'),
  statements: core('model/records.d.ts'),
  verdict: core('trace/verdict.d.ts'),
  bundle: client('proof/verify/bundle.d.ts'),
  proof: client('proof/verify/verifyBundle.d.ts'),
  head: client('proof/verify/log/head.d.ts'),
  trust: client('client/trust/trust.d.ts'),
  disclosed: core('pseudonym/leaves.d.ts'),
  pseudonym: core('model/bodies/pseudonym.d.ts'),
  opening: core('pseudonym/opening.d.ts'),
  pseudonymFile: core('pseudonym/file.d.ts'),
  disclosure: core('model/disclosure.d.ts'),
  readerKey: core('model/readerKey.d.ts'),
  provenance: client('audit/provenance.d.ts'),
  audit: client('audit/audit.d.ts'),
  evidence: client('audit/evidence.d.ts'),
  member: network('member/formats.d.ts'),
  invitation: network('member/invitation.d.ts'),
  proposal: network('proposal/formats.d.ts'),
};

/** What functions check in texts, as far as a pattern says it. */
const PATTERNS = new Map([
  [instant, { pattern: INSTANT.source }],
  [date, { pattern: DATE.source }],
  ...[base64, bytesShape].map((shape) => [shape, { pattern: '^[A-Za-z0-9+/]*={0,2}$', contentEncoding: 'base64' }]),
]);

const types = new SchemaOfType(Object.values(declarations), {
  Instant: { pattern: INSTANT.source },
  CalendarDate: { pattern: DATE.source },
});

const { asOf, knownAt, quantity, intervalDays, at } = optionsShape.shape;
const name = evidenceShape.shape.exhibits.def.element.shape.of.def.element;
const exhibits = Object.entries(recordShapes).map(([kind, shape]) => ({
  kind,
  shape: z.strictObject({
    of: z.tuple([z.literal(kind), ...NAMES[kind].map(() => name)]),
    record: z.nullable(shape),
  }),
}));
/** The records of evidence in their shapes, which the verifier checks one after another. */
const evidence = z.strictObject({
  ...evidenceShape.shape,
  exhibits: z
    .array(z.union(exhibits.map(({ shape }) => shape)))
    .check(...(evidenceShape.shape.exhibits.def.checks ?? [])),
});
const question = z.strictObject({ asOf, knownAt, quantity, intervalDays, at });

/** The parts that have a name of their own in a schema. */
const named = z.registry();
const entry = recordShapes.heartbeat.shape.statement;
named.add(jwsSchema, { id: 'jws' });
named.add(entry, { id: 'entry' });
named.add(entry.shape.registered, { id: 'registered' });
named.add(resultSchema, { id: 'result' });
for (const [kind, shape] of Object.entries(recordShapes)) named.add(shape, { id: `${kind}-record` });

const DOCUMENTS = {
  bundle: {
    title: 'A bundle: a question about a device, with the signed records that answer it',
    schema: () =>
      withRecords(
        described(
          ofShape(z.extend(bundleShape, { question, evidence })),
          types.documentOf(declarations.bundle, 'Bundle'),
        ),
      ),
  },
  verdict: {
    title: 'A verdict: whether a device traces to a National Metrology Institute',
    schema: () => types.documentOf(declarations.verdict, 'Verdict'),
  },
  proof: {
    title:
      'What a bundle proves, tier by tier, to whoever trusts certain roots: what `tracecal proof verify --json` prints',
    schema: () => types.documentOf(declarations.proof, 'ProofAnswer'),
  },
  trust: {
    title: 'A trust file: what somebody who checks verdicts trusts',
    schema: () => described(ofShape(trustShape), types.documentOf(declarations.trust, 'Trust')),
  },
  'log-head': {
    title: 'The head of the change log: how far it is signed, and by whom',
    schema: () =>
      withRecords(described(ofShape(z.extend(headShape, { evidence })), types.documentOf(declarations.head, 'Head'))),
  },
  audit: {
    title:
      'An audit: all that ever happened to a device, a report, a person or an organisation: what `tracecal audit --json` prints',
    schema: () => described(ofShape(auditShape), types.documentOf(declarations.audit, 'Audit')),
  },
  evidence: {
    title: 'Evidence of an audit: the audit, with the blocks that it follows from',
    schema: () => described(ofShape(evidenceFileShape), types.documentOf(declarations.evidence, 'AuditEvidence')),
  },
  opening: {
    title:
      'An opening of a pseudonym: the payload of its file, a JWS (JSON serialisation) that an officer of the certifier signed',
    schema: () => described(ofShape(openingShape), types.documentOf(declarations.opening, 'Opening')),
  },
  disclosure: {
    title: 'A disclosure: confidential results of a report, or some of them, for one reader',
    schema: () => described(ofShape(disclosureSchema), types.documentOf(declarations.disclosure, 'Disclosure')),
  },
  'reader-key': {
    title:
      "A reader's key: the payload of its file, a JWS (JSON serialisation) that an officer of the reader's organisation signed",
    schema: () => described(ofShape(readerKeyShape), types.documentOf(declarations.readerKey, 'ReaderKey')),
  },
  pseudonym: {
    title: 'The file of a pseudonym: what its certifier keeps, and shows to nobody',
    schema: () => described(ofShape(pseudonymFileShape), types.documentOf(declarations.pseudonymFile, 'PseudonymFile')),
  },
  member: {
    title:
      "A member's public material for the founding of a consortium: the payload of its file, a JWS (JSON serialisation) that its administrator signed",
    schema: () => described(ofShape(memberFileShape), types.documentOf(declarations.member, 'MemberFile')),
  },
  'member-signature': {
    title:
      "A member's signature of a founding: the payload of its file, a JWS (JSON serialisation) that its administrator signed",
    schema: () => described(ofShape(memberSignatureShape), types.documentOf(declarations.member, 'MemberSignature')),
  },
  invitation: {
    title: 'What a new member needs of a running consortium: the configurations of its channels',
    schema: () => described(ofShape(invitationShape), types.documentOf(declarations.invitation, 'InvitationFile')),
  },
  proposal: {
    title: "A change of a channel's configuration, which administrators of its members sign",
    schema: () => described(ofShape(proposalShape), types.documentOf(declarations.proposal, 'ProposalFile')),
  },
};

const isCheck = process.argv.includes('--check');
const differing = [];
for (const [id, { title, schema }] of Object.entries(DOCUMENTS)) {
  const file = join(folder, `${id}.json`);
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:tracecal:${id}:1`,
    title,
    ...schema(),
  };
  const text = await format(JSON.stringify(document), { ...(await resolveConfig(file)), parser: 'json' });
  if (text === contentOf(file)) continue;
  differing.push(`gateway-client/schemas/${id}.json`);
  if (isCheck) continue;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
}

if (isCheck && differing.length > 0) {
  process.stderr.write(
    `${differing.join(', ')} differ from the code: run \`npm run schemas\` and review the difference.\n`,
  );
  process.exitCode = 1;
} else if (!isCheck) {
  process.stdout.write(differing.length > 0 ? `Wrote ${differing.join(', ')}.\n` : 'The schemas are up to date.\n');
}

function ofShape(shape) {
  const schema = z.toJSONSchema(shape, {
    metadata: named,
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, PATTERNS.get(zodSchema));
      // What a shape fills in is there in what is written; every whole number of JSON is safe.
      delete jsonSchema.default;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      delete jsonSchema.id;
    },
  });
  delete schema.$schema;
  return schema;
}

/** Records are of types that differ by their kind. */
function withRecords(schema) {
  const shapes = types.documentOf(declarations.records, 'RecordShapes');
  for (const kind of Object.keys(recordShapes)) {
    const own = shapes.properties[kind];
    describe(schema.$defs[`${kind}-record`], own, [schema, shapes]);
  }
  return schema;
}

/** A schema with the descriptions of another one of the same things. */
function described(schema, words) {
  describe(schema, words, [schema, words]);
  return schema;
}

function describe(schema, words, roots) {
  const [own, from] = [resolved(schema, roots[0]), resolved(words, roots[1])];
  const text = words?.description ?? from?.description;
  if (text !== undefined && schema.$ref === undefined) schema.description ??= text;
  if (own === undefined || from === undefined) return;
  for (const [key, part] of Object.entries(own.properties ?? {})) {
    if (from.properties?.[key]) describe(part, from.properties[key], roots);
  }
  for (const part of own.anyOf ?? []) {
    const others = (from.anyOf ?? [from]).map((each) => resolved(each, roots[1]));
    const same = others.find((each) => each?.type === resolved(part, roots[0])?.type && each?.type !== 'null');
    if (same) describe(part, same, roots);
  }
  if (own.items && from.items) describe(own.items, from.items, roots);
}

function resolved(schema, document) {
  return schema?.$ref === undefined ? schema : document.$defs?.[schema.$ref.replace('#/$defs/', '')];
}

function contentOf(file) {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return undefined;
  }
}

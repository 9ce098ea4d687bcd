import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { defaultConsortiumFile } from '../topology/index.js';
import { ChannelError } from './errors.js';

const signers = z
  .array(
    z
      .string()
      .regex(
        /^(writers|institutes|readers|approvers|orderers|self)\.(member|admin|client|peer|orderer)$/,
        'is not <group>.<role>',
      ),
  )
  .min(1);

const rule = z.union([
  z.strictObject({ anyOf: signers }),
  z.strictObject({ allOf: signers }),
  z.strictObject({ majorityOf: signers }),
  // ANY would let any single group below satisfy the policy.
  z.strictObject({
    implicitMeta: z.string().regex(/^(ALL|MAJORITY) [A-Za-z]+$/, 'is not "ALL <policy>" or "MAJORITY <policy>"'),
  }),
]);

const basic = { Readers: rule, Writers: rule, Admins: rule };

const optional = rule.exactOptional();
const someBasic = { Readers: optional, Writers: optional, Admins: optional };

/** Rules that replace those of the same name. */
const instead = z.strictObject({
  channel: z.strictObject(someBasic).exactOptional(),
  application: z.strictObject({ ...someBasic, Endorsement: optional, LifecycleEndorsement: optional }).exactOptional(),
  orderer: z.strictObject(someBasic).exactOptional(),
});

const template = z.strictObject({
  channel: z.strictObject(basic),
  application: z.strictObject({ ...basic, Endorsement: rule, LifecycleEndorsement: rule }),
  applicationOrganisation: z.strictObject({ ...basic, Endorsement: rule }),
  sharedOrganisation: z.strictObject({ Readers: rule, Admins: rule }),
  orderer: z.strictObject(basic),
  ordererOrganisation: z.strictObject(basic),
  changedBy: z.strictObject({
    ordererOrganisation: z.string().regex(/^\/Channel(\/[A-Za-z]+)+$/, 'is not the path of a policy'),
  }),
  levels: z.strictObject({
    calibration: instead.exactOptional(),
    measurement: instead.exactOptional(),
    monitoring: instead.exactOptional(),
  }),
  approving: instead,
  acls: z.record(z.string().min(1), z.string().min(1)),
});

/** One policy of the template: the required signers, in terms of a channel's groups of organisations. */
export type PolicyRule = z.infer<typeof rule>;

/** Rules that replace others on the channels of one level, or while a chaincode definition is being approved. */
export type PolicyExceptions = z.infer<typeof instead>;

/** The policies and ACLs that every channel gets, as `test-network-config/policies.yaml` has them. */
export type PolicyTemplate = z.infer<typeof template>;

/** The policy template that comes with the project, beside its consortium description. */
export function defaultPolicyTemplateFile(): string {
  return join(dirname(defaultConsortiumFile()), 'policies.yaml');
}

/**
 * Reads a policy template (YAML).
 * @throws ChannelError BAD_TEMPLATE that names the file and the entry.
 */
export function readPolicyTemplate(file: string): PolicyTemplate {
  let document: unknown;
  try {
    document = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ChannelError('BAD_TEMPLATE', `The policy template ${file} cannot be read as YAML.`, cause);
  }
  const result = template.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new ChannelError(
    'BAD_TEMPLATE',
    `The policy template ${file} is wrong at '${where}': ${issue?.message ?? ''}.`,
  );
}

import { keySigner } from '@tracecal/gateway-client';
import type { Signer } from '@tracecal/gateway-client';
import { directivesExportText, directiveText } from '@tracecal/gateway-client/device';
import { readDirective } from '@tracecal/core/directives';
import type { Directive, OperatorPin, SignedDirective } from '@tracecal/core/directives';
import { canonicalJson } from '@tracecal/core/model';
import { jwsPayload, jwsSignature, signingInput, withLowS } from '@tracecal/core/signing';
import { keyHolder } from './calibrationKeys.js';
import type { KeyHolder, KeyHolderRequest } from './calibrationKeys.js';
import type { Hierarchy } from './hierarchy.js';

export const SENSOR = 'oem-a/sensor-a';

/** An operator whose officer signs what it is told, also what no honest officer would. */
export class Operator {
  readonly registry: string;
  readonly id: string;
  readonly organisation: KeyHolder;
  readonly officer: KeyHolder;

  constructor(hierarchy: Hierarchy, id = 'oem-a') {
    this.registry = hierarchy.registry;
    this.id = id;
    this.organisation = hierarchy.holder('organisation', id);
    this.officer = hierarchy.holder('officer', `${id}/officer`);
  }

  get pin(): OperatorPin {
    return { registry: this.registry, operator: this.id, certificates: [this.organisation.certificate] };
  }

  get signer(): Signer {
    return keySigner(this.officer.privateKey, this.officer.certificate);
  }

  /** Another officer of this organisation. */
  another(id: string, request: Partial<KeyHolderRequest> = {}): Promise<KeyHolder> {
    return keyHolder({
      role: 'officer',
      id: `${this.id}/${id}`,
      organisation: this.id,
      certifiedBy: this.organisation,
      ...request,
    });
  }

  /** About the sensor, one a day: number 1 on 2026-03-01. */
  content(number: number, changes: Partial<Directive> = {}): Directive {
    const date = `2026-03-${String(number).padStart(2, '0')}T00:00:00Z`;
    return {
      type: 'tracecal-directive/1',
      registry: this.registry,
      operator: this.id,
      date,
      kind: 'quarantine',
      devices: [{ id: SENSOR, number }],
      reason: 'found dropped',
      from: changes.date ?? date,
      ...changes,
    };
  }

  /** That these directives were exported into a folder. */
  exported(directives: readonly SignedDirective[] = [], time = '2026-01-01T00:00:00Z'): string {
    return directivesExportText(this.pin, directives, time);
  }

  async envelope(content: unknown, officer = this.officer, name = `officer:${this.id}/officer`) {
    const payload = jwsPayload(content);
    const signer = keySigner(officer.privateKey, officer.certificate);
    const signature = withLowS(await signer.sign(signingInput(name, payload)));
    return { directive: { payload, signatures: [jwsSignature(name, signature)] }, certificate: officer.certificate };
  }

  async sign(number: number, changes: Partial<Directive> = {}): Promise<SignedDirective> {
    return readDirective(await this.envelope(this.content(number, changes)), this.pin);
  }

  async text(number: number, changes: Partial<Directive> = {}): Promise<string> {
    return directiveText(await this.sign(number, changes));
  }

  async textOf(content: unknown, officer?: KeyHolder, name?: string): Promise<string> {
    return canonicalJson(await this.envelope(content, officer, name));
  }
}

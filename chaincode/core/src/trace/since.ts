import type { Link } from './checks/index.js';
import type { FoundSound } from './foundSound.js';
import { asFound, doubtOf, foundOutOfLimits } from './judge/foundOut.js';
import type { Doubt } from './judge/doubt.js';
import type { OpenReport } from './open/opened.js';
import type { Opener } from './open/opener.js';
import type { Decision } from './open/ownership.js';
import type { Said } from './open/statement.js';
import type { Reading } from './reading.js';
import type { Finding } from './verdict.js';

/** A report on the way of a walk. */
export type Sight = Omit<Link, 'parents' | 'devices' | 'isLater' | 'words'>;

/** A cited report in whose place another one counts. */
export interface Amended {
  /** The cited report, if another one counts in its place. */
  readonly before?: OpenReport | undefined;
  /** The statement of the dependent report's laboratory that the report is still valid. */
  readonly review?: Said<'review'> | undefined;
}

/** What became known about a cited report since the work that relies on it, and what the laboratory of that work says to it. */
export class Since {
  readonly #opener: Opener;
  readonly #reading: Reading;
  readonly #sound: FoundSound | undefined;

  /** @param sound Without it no doubts are found. */
  constructor(opener: Opener, reading: Reading, sound: FoundSound | undefined) {
    this.#opener = opener;
    this.#reading = reading;
    this.#sound = sound;
  }

  /** Whether a parent was made after the work, while another parent of the same device was made before it. */
  async isLater({ cited, report, reliant }: Sight): Promise<boolean> {
    if (!reliant) {
      return false;
    }
    const { parents, performed } = reliant.payload;
    const own = report.payload.performed;
    if (own.begin < performed.end || own.end <= performed.begin) {
      return false;
    }
    for (const parent of parents) {
      const isSibling = parent.kind === 'report' && parent.device === cited.device.id && parent.report !== cited.id;
      const sibling = isSibling ? await this.#opener.citation(parent) : undefined;
      if (sibling && 'report' in sibling && sibling.report.payload.performed.end <= performed.begin) {
        return true;
      }
    }
    return false;
  }

  /** If the cited report was amended: that report with its results, and the later review by the laboratory that relies on it. */
  async amended({ cited, report, reliant, needed }: Sight): Promise<Amended> {
    if (!reliant || cited.id === report.id) {
      return {};
    }
    const given = kindsOf(cited);
    const before = await this.#reading.withResults(
      cited,
      needed.filter((kind) => given.includes(kind)),
    );
    return { before, review: await this.#reading.reviewOf(reliant, { id: report.id, digest: report.said.digest }) };
  }

  /** Finds whether a later calibration found a standard out of its limits: the work since it was last sound needs a review. */
  async doubts({ reliant, report, needed }: Sight): Promise<readonly FoundDoubt[]> {
    const sound = this.#sound;
    if (!reliant || !sound) {
      return [];
    }
    const causes = new Map<string, Decision>();
    for (const { quantity, found, before } of foundOutOfLimits(reliant, report, needed)) {
      if (!(await sound.byAny(before, report.device.id, quantity))) {
        causes.set(found.report, found);
      }
    }
    const doubts: FoundDoubt[] = [];
    for (const found of causes.values()) {
      const review = await this.#reading.reviewOf(reliant, { ...found, id: found.report });
      const doubt = doubtOf(reliant, report, found, review);
      doubts.push({ doubt, finding: asFound(doubt) });
    }
    return doubts;
  }
}

export interface FoundDoubt {
  readonly doubt: Doubt;
  /** The doubt as it stands at the cited report's edge. */
  readonly finding: Finding;
}

/** The kinds of quantity of a report's results. */
export function kindsOf({ payload }: OpenReport): readonly string[] {
  return payload.results.map(({ quantity }) => quantity);
}

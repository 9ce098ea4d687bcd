import { plusDays } from '@tracecal/core/model';
import type { Row } from '@tracecal/core/model';
import type { Work } from '@tracecal/gateway-client/monitor';
import { normals } from './normals.js';
import { Random } from './random.js';

/** What a laboratory does that it should not. */
export type Vice =
  | 'signs without measuring'
  | 'copies other devices'
  | 'repeats the last calibration'
  | 'makes up last digits'
  | 'states small uncertainties'
  | 'states one uncertainty'
  | 'is in many places';

const LABORATORIES = ['lab-a', 'lab-b', 'lab-c', 'lab-d', 'lab-e'];
const DEVICES = 250;
const CALIBRATIONS_A_YEAR = 3;
const PLACES = [0, 25, 50, 75, 100];
/** Share of its work in which a dishonest laboratory is dishonest. */
const DISHONEST_SHARE = 0.4;

/** A year of thermometers that five laboratories calibrate in turns; the first one may have a vice. */
export class LaboratoryYear {
  readonly works: Work[] = [];
  readonly #random: Random;
  readonly #errors: readonly (readonly number[])[];

  constructor(seed: number, vice?: Vice) {
    this.#random = new Random(seed);
    this.#errors = Array.from({ length: DEVICES }, () => normals(this.#random, PLACES.length).map((z) => 0.5 * z));
    for (let turn = 0; turn < CALIBRATIONS_A_YEAR; turn += 1) {
      for (let device = 0; device < DEVICES; device += 1) {
        const laboratory = LABORATORIES[this.#random.between(0, LABORATORIES.length - 1)]!;
        const vicious = laboratory === LABORATORIES[0] && this.#random.chance(DISHONEST_SHARE) ? vice : undefined;
        this.works.push(this.#work(laboratory, device, turn, vicious));
      }
    }
    this.works.sort((one, other) => (one.end < other.end ? -1 : 1));
  }

  #work(laboratory: string, device: number, turn: number, vice: Vice | undefined): Work {
    const random = this.#random;
    const day = Math.floor((365 / CALIBRATIONS_A_YEAR) * (turn + random.next()));
    const end = plusDays('2026-01-01', vice === 'signs without measuring' ? day - (day % 90) : day);
    // The second technician is honest whatever the first does.
    const technician = `${laboratory}/t-${vice ? 1 : random.between(1, 2)}`;
    const place = vice === 'is in many places' || (!vice && random.chance(0.1)) ? 'on-site' : 'laboratory';
    return {
      report: `${laboratory}/r-${this.works.length}`,
      laboratory,
      technician,
      device: `device-${device}`,
      owner: `owner-${device % 20}`,
      begin: end,
      end: vice === 'is in many places' ? plusDays('2026-01-01', day - (day % 20)) : end,
      place,
      results: [
        {
          name: 'Errors',
          quantity: 'temperature',
          unit: '\\degreecelsius',
          rows: this.#rows(laboratory, device, vice),
        },
      ],
    };
  }

  #rows(laboratory: string, device: number, vice: Vice | undefined): Row[] {
    const copied = this.#copied(laboratory, device, vice);
    if (copied) return copied;
    const random = this.#random;
    return PLACES.map((value, index) => {
      // What reading it contributes changes from one device to the next.
      const standard = 0.03 + 0.02 * random.next();
      const [noise = 0] = normals(random, 1);
      const measured = this.#errors[device]![index]! + standard * noise;
      return {
        value,
        error: vice === 'makes up last digits' ? madeUp(measured, random) : Number(measured.toFixed(2)),
        uncertainty: { expanded: stated(2 * standard, vice), coverageFactor: 2, coverageProbability: 0.95 },
      };
    });
  }

  /** The rows of an older report of the same laboratory, if it copies. */
  #copied(laboratory: string, device: number, vice: Vice | undefined): Row[] | undefined {
    if (vice !== 'copies other devices' && vice !== 'repeats the last calibration') return undefined;
    const same = vice === 'repeats the last calibration';
    const own = this.works.filter(
      (work) => work.laboratory === laboratory && (work.device === `device-${device}`) === same,
    );
    return own.at(-1)?.results[0]?.rows.map((row) => ({ ...row }));
  }
}

function stated(expanded: number, vice: Vice | undefined): number {
  if (vice === 'states one uncertainty') return 0.08;
  return Number((vice === 'states small uncertainties' ? expanded / 5 : expanded).toPrecision(2));
}

/** People like 0 and 5 at the end, and dislike 9. */
function madeUp(value: number, random: Random): number {
  const digit = [0, 5, 5, 3, 7, 0, 2, 5][random.between(0, 7)]!;
  return Number(`${Math.trunc(value * 10) / 10}`) + (Math.sign(value) * digit) / 100;
}

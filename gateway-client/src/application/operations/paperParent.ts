import { z } from 'zod';
import { paperParentOf, readPaperParent } from '../../dcc/index.js';
import type { PaperParent } from '../../dcc/index.js';
import { readJsonFile } from '../files/inputFile.js';

/** Results of a paper certificate, as its transcriber states them: without them nothing can depend on the certificate. */
export const PAPER_EXAMPLE = `{
  "laboratory": "Example Laboratory", "number": "K-2019-0417", "date": "2019-04-30",
  "equipment": "Pt100 thermometer", "serial": "4711",
  "kind": "temperature", "unit": "\\\\degreecelsius", "from": 0, "to": 100, "U": 0.02, "k": 2
}
or the same as text: laboratory=..,number=..,date=..,equipment=..,serial=..,kind=..,unit=..,from=..,to=..,U=..,k=..
The date is the last day of the calibration. Several kinds or ranges: "results": [{ "kind": .., "unit": .., "from": .., .. }].
The number alone names a certificate without what it certifies: nothing can rest on it then.`;

export const PAPER_OPTION =
  'what a certificate on paper of a standard that was used certifies: a JSON file, facts like number=.., or its number; may be repeated';

/** A certificate on paper: from a file that describes it, from facts like `laboratory=PTB,number=1234-24,...`, or by its number. */
export async function paperParent(given: string): Promise<PaperParent> {
  if (given.includes('=')) {
    return readPaperParent(given);
  }
  return given.endsWith('.json')
    ? paperParentOf(await readJsonFile(given, z.record(z.string(), z.unknown()), 'description of a certificate'))
    : paperParentOf({ number: given });
}

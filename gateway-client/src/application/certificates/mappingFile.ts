import { readMapping } from '../../dcc/index.js';
import type { Mapping } from '../../dcc/index.js';
import { readJsonText } from '../files/inputFile.js';

/** Information from a person about a certificate, or about a series of similar ones, that the files lack. */
export const MAPPING_EXAMPLE = `{
  "version": "tracecal-mapping/1",
  "certificate": "K-2026-17",
  "kinds": [{ "result": "Messergebnisse", "quantity": "temperature" }],
  "arguments": [{ "result": "Deviation", "name": "temperature", "role": "reference", "unit": "\\\\degreecelsius", "values": [20, 80] }],
  "coverage": [{ "result": "Flow", "k": 2, "p": 0.95 }],
  "methods": [{ "result": "Mass", "method": "scaled" }],
  "asFound": [{ "result": "Before adjustment", "asFound": true }],
  "items": [{ "result": "10 g", "item": "W-10" }],
  "parents": [
    {
      "certificate": "PAPER-1", "laboratory": "Example Laboratory", "number": "PAPER-1", "date": "2025-05-02",
      "kind": "temperature", "from": 0, "to": 100, "unit": "\\\\degreecelsius", "U": 0.02, "k": 2
    }
  ]
}`;

/** @throws ApplicationError `FILE_UNREADABLE`; RegistryError `JSON_INVALID`; DccError `MAPPING_INVALID` */
export async function readMappingFile(path: string): Promise<Mapping> {
  return readMapping(await readJsonText(path));
}

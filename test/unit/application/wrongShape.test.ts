import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describedReport,
  paperParent,
  readItems,
  readMappingFile,
  readScopes,
} from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { readTrustFile } from '@tracecal/gateway-client';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const NO_SESSION: unknown = {};
const IDENTITY = { report: 'lab/R', device: 'lab/D', technician: 'lab/t', supersedes: null };

/** Words of the schema library, which mean nothing to who wrote the file. */
const LIBRARY = /Invalid input|expected |received |Too small|Too big|Unrecognized/;

/** Files that people write for commands, by how they are read. */
const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  results: (path) => describedReport(NO_SESSION as Session, IDENTITY, { results: path, begin: '2026-01-01' }),
  statements: readItems,
  mapping: readMappingFile,
  paper: paperParent,
  scopes: readScopes,
  trust: readTrustFile,
};

describe('A JSON file of the wrong shape', () => {
  after(removeTemporaryFolders);

  function written(content: unknown): string {
    const path = join(temporaryFolder(), 'file.json');
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  async function refusalOf(reader: string, content: unknown): Promise<string> {
    try {
      await READERS[reader]?.(written(content));
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail(`${reader} takes ${JSON.stringify(content)}`);
  }

  for (const reader of Object.keys(READERS)) {
    it(`is refused in words of the field: ${reader}`, async () => {
      for (const content of [
        { a: 1 },
        [1],
        [[]],
        7,
        null,
        'text',
        {},
        { version: 1, lines: 2, items: 3, results: 4 },
      ]) {
        assert.doesNotMatch(await refusalOf(reader, content), LIBRARY, JSON.stringify(content));
      }
    });
  }

  it('is refused with the place and with where an example is', async () => {
    assert.match(await refusalOf('results', { a: 1 }), /results must be a list; .*report issue --help.* example/);
    assert.match(await refusalOf('results', []), /results must have at least 1 entry; /);
    assert.match(await refusalOf('results', [{ name: 'T', rows: {} }]), /results\[0\]\.\w+ /);
    assert.match(await refusalOf('statements', {}), /has to be \{"items":\[\{"statement":…\}\]\}.*items: is missing/);
    assert.match(await refusalOf('scopes', {}), /lines: is missing; it is a list; .*scopes grant --help/);
    assert.match(await refusalOf('mapping', {}), /dcc import --help.*version/);
  });
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readItems, readJsonText, readMappingFile, readScopes } from '@tracecal/gateway-client/application';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('A JSON file that a person wrote', () => {
  after(removeTemporaryFolders);

  function file(content: string | Buffer): string {
    const path = join(temporaryFolder(), 'my results.json');
    writeFileSync(path, content);
    return path;
  }

  const refusals: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ['is empty', ' \r\n', / is empty\.$/],
    ['is XML', '<?xml version="1.0"?>\n<dcc/>', / is XML, and JSON is expected/],
    ['is UTF-16', Buffer.from('[{"name": "Masse"}]', 'utf16le'), / is no text in UTF-8: save it as UTF-8\.$/],
    ['has a decimal comma', '{\n  "U": 0,00001\n}', / is no valid JSON: .* at line 2, character 10\.$/],
    ['has one backslash', '[\r\n{"unit": "\\kilogram"}]', / at line 2, character 10\. .*"\\\\kilogram"\.$/],
    ['ends too early', '[{}', / at line 1, character 4\.$/],
  ];
  for (const [what, content, sentence] of refusals) {
    it(`is refused with its name and what is wrong, if it ${what}`, async () => {
      const path = file(content);
      for (const read of [readJsonText, readScopes, readMappingFile, readItems]) {
        await assert.rejects(read(path), (error: Error) => {
          assert.ok(error.message.includes(path), error.message);
          assert.match(error.message, sentence);
          return true;
        });
      }
    });
  }

  it('may begin with a mark of the byte order and have the line ends of Windows', async () => {
    const path = file('\ufeff{\r\n"version": "tracecal-mapping/1"\r\n}\r\n');
    assert.equal((await readMappingFile(path)).version, 'tracecal-mapping/1');
  });
});

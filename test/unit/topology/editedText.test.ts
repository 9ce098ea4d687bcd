import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  consortiumText,
  defaultConsortiumFile,
  editedText,
  parseConsortium,
  withChaincode,
  withMembership,
  type Joining,
} from '@tracecal/network/topology';

/** What differs between two texts, from the first line to the last that does. */
function difference(
  before: string,
  after: string,
): { readonly gone: readonly string[]; readonly come: readonly string[] } {
  const [old, present] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && old[start] === present[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, present.length) - start && old.at(-1 - end) === present.at(-1 - end)) end += 1;
  return { gone: old.slice(start, old.length - end), come: present.slice(start, present.length - end) };
}

describe('The text of a description after a change', () => {
  const text = readFileSync(defaultConsortiumFile(), 'utf8');
  const consortium = parseConsortium(text);
  const [registry] = consortium.chaincodes;
  const organisation = {
    ...{ id: 'lab-gamma', mspId: 'LabGammaMSP', kind: 'LAB', name: "Gamma's, Laboratory", country: 'DE' },
    ...{ domain: 'lab-gamma.example', peers: [{ name: 'peer0', port: 7951 }], users: [] },
  } satisfies Joining['organisation'];

  /** The edited text of a change, which says what it should. */
  const edit = (
    before: string,
    change: (consortium: ReturnType<typeof parseConsortium>) => typeof consortium,
  ): string => {
    const next = change(parseConsortium(before));
    const after = editedText(before, next);
    assert.deepEqual(parseConsortium(after), next);
    return after;
  };

  it('differs in two lines when a chaincode is upgraded', () => {
    const after = edit(text, (given) => withChaincode(given, { ...registry!, version: '1.1', sequence: 2 }));
    assert.deepEqual(difference(text, after), {
      gone: ["    version: '1.0'", '    sequence: 1'],
      come: ["    version: '1.1'", '    sequence: 2'],
    });
  });

  it('has a line more for a member that joins and its name in its channel, and is as before when it leaves', () => {
    const join: Joining = { organisation, channels: { calibration: 'writer' }, endorsement: {} };
    const joined = edit(text, (given) => withMembership(given, { join }));
    const earlier = text.split('\n');
    const lines = joined.split('\n').filter((line) => !earlier.includes(line));
    assert.equal(joined.split('\n').length, earlier.length + 1);
    assert.equal(lines.length, 2);
    assert.match(
      lines[0]!,
      /^ {2}- \{ id: lab-gamma, .*"Gamma's, Laboratory".*peers: \[\{ name: peer0, port: 7951 \}\]/,
    );
    assert.match(lines[1]!, /lab-beta, lab-gamma\],$/);
    assert.equal(
      edit(joined, (given) => withMembership(given, { leave: 'lab-gamma', endorsement: {} })),
      text,
    );
  });

  it('loses only the lines of a member that leaves', () => {
    const after = edit(text, (given) => withMembership(given, { leave: 'lab-beta', endorsement: {} }));
    const kept = after.split('\n');
    const lost = text.split('\n').filter((line) => !kept.includes(line));
    assert.ok(lost.length > 0);
    for (const line of lost) assert.match(line, /lab-beta|LabBeta|Beta Calibration|7451/);
  });

  it('keeps comments, commas and indentation of every style, whatever changes', () => {
    const upgrade = { ...registry!, version: '1.1', sequence: 2 };
    const join: Joining = { organisation, channels: { calibration: 'reader' }, endorsement: {} };
    const changes = [
      (given: typeof consortium) => withChaincode(given, upgrade),
      (given: typeof consortium) => withMembership(given, { join }),
      (given: typeof consortium) => withMembership(given, { leave: 'lab-beta', endorsement: {} }),
      (given: typeof consortium) => withMembership(given, { leave: 'nmi-east', endorsement: {} }),
    ];
    const styles = {
      theProjects: text,
      lineByLine: consortiumText(consortium).replaceAll(/^(.*[a-z]: \S+)$/gm, '$1 # why: because'),
      json: JSON.stringify(consortium, null, 2),
      oneLine: JSON.stringify(consortium),
      trailingCommas: JSON.stringify(consortium, null, 1).replaceAll(/([}\]"\d])\n( *[}\]])/g, '$1,\n$2'),
    };
    for (const [style, before] of Object.entries(styles)) {
      for (const [index, change] of changes.entries()) {
        const after = edit(before, change);
        assert.notEqual(after, consortiumText(change(consortium)), `${style} ${String(index)} was written anew`);
        if (style !== 'lineByLine' || index > 1) continue;
        const kept = after.split('\n');
        assert.ok(before.split('\n').filter((line) => !kept.includes(line)).length <= 1, after);
      }
    }
  });

  it('has its first entry in a list that was empty, and an empty list after its last', () => {
    const withReaders = edit(text.replace('readers: [],', 'readers: [ ], # nobody'), (given) =>
      withMembership(given, { join: { organisation, channels: { calibration: 'reader' }, endorsement: {} } }),
    );
    assert.ok(withReaders.includes('lab-gamma'));
    edit(withReaders, (given) => withMembership(given, { leave: 'lab-gamma', endorsement: {} }));
  });

  it('loses several entries of one line, wherever they stand', () => {
    const readers = (after: string) => /readers: (.*)/.exec(after)?.[1];
    const one = text.replace(/readers: \[.*\]/, 'readers: [oem-a, oem-b, monitor]');
    const leaving =
      (...ids: readonly string[]) =>
      (given: typeof consortium) => ({
        ...given,
        channels: given.channels.map((channel, index) =>
          index > 0 ? channel : { ...channel, readers: channel.readers.filter((id) => !ids.includes(id)) },
        ),
      });
    assert.match(readers(edit(one, leaving('oem-b', 'monitor')))!, /^\[oem-a\]/);
    assert.match(readers(edit(one, leaving('oem-a', 'monitor')))!, /^\[oem-b\]/);
    assert.match(readers(edit(one, leaving('oem-a', 'oem-b')))!, /^\[monitor\]/);
    assert.match(readers(edit(one, leaving('oem-a', 'oem-b', 'monitor')))!, /^\[\]/);
  });

  it('is written anew where a part of it is used twice, so that no other part changes', () => {
    const aliased = text.replace("version: '1.0'", "version: &same '1.0'").replace("version: '1.0'", 'version: *same');
    assert.deepEqual(parseConsortium(aliased), consortium);
    for (const name of ['registry', 'measurement']) {
      const chaincode = consortium.chaincodes.find((each) => each.name === name)!;
      edit(aliased, (given) => withChaincode(given, { ...chaincode, version: '1.1', sequence: 2 }));
    }
  });
});

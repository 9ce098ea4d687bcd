// Makes the boot gate, gateway-client/dist/gate.cjs, from its sources: one file that needs nothing but Node, so that a boot reads one file.
// It is CommonJS, which starts faster. Does nothing while it is newer than all that it is made of.
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { bundledForNode, filesBelow, fromSources, licenceTexts, makeOf, root } from './bundled.mjs';

const target = join(root, 'gateway-client', 'dist', 'gate.cjs');
const PACKAGES = { '@tracecal/core': 'chaincode/core', '@tracecal/ledger': 'network/ledger' };

/** What most decisions do without, and what the gate takes of it: loaded when it is first used. */
const SELDOM = {
  'node:child_process': ['spawn'],
  'node:http': ['get'],
  'node:https': ['get'],
  'node:os': ['constants', 'hostname', 'tmpdir'],
  'node:stream/promises': ['pipeline'],
  'node:timers/promises': ['setTimeout'],
  'node:zlib': ['createGunzip'],
};

const seldomLoaded = {
  name: 'seldom-loaded',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      path in SELDOM && namespace !== 'seldom' ? { path, namespace: 'seldom' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'seldom' }, ({ path }) => ({
      contents: `module.exports = { ${SELDOM[path].map((name) => `get ${name}() { return require('${path}').${name}; }`).join(', ')} };`,
    }));
  },
};

const scripts = ['gate.mjs', 'bundled.mjs'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const sources = filesBelow(['gateway-client/src', ...Object.values(PACKAGES).map((path) => `${path}/src`)], '.ts');
await makeOf(target, [join(root, 'package-lock.json'), ...scripts, ...sources], made, { mode: 0o755 });

async function made() {
  const bundleOf = (name) =>
    bundledForNode(join(root, 'gateway-client', 'src', 'device', 'gate', name), {
      plugins: [seldomLoaded, fromSources(PACKAGES)],
    });
  const [head, gate] = await Promise.all(['launch.ts', 'main.ts'].map(bundleOf));
  const textOf = ({ outputFiles }) => outputFiles[0].text.trim();
  if (textOf(gate).includes('*/')) {
    throw new Error(
      'The text of the gate has the end of a comment in it: launch.ts keeps it in one. Write that text in two parts.',
    );
  }
  const licences = licenceTexts(Object.keys(gate.metafile.inputs)).join('\n\n').replaceAll('*/', '* /');
  const notice = `/*\nThis file contains code of:\n\n${licences}\n*/`;
  // As launch.ts finds it.
  return `#!/usr/bin/env node\n${textOf(head)}\n${notice}\n/*gate\n${textOf(gate)}\n*/\n`;
}

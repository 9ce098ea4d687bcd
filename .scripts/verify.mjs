// Makes `tracecal proof verify` as one file, gateway-client/cli/dist/verify.cjs, from its sources: whoever checks a bundle need not wait until
// all other commands are loaded. Does nothing while it is newer than all that it is made of.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { bundledForNode, filesBelow, fromSources, licenceTexts, makeOf, root } from './bundled.mjs';

const target = join(root, 'gateway-client', 'cli', 'dist', 'verify.cjs');
const PACKAGES = {
  '@tracecal/chaincode': 'chaincode',
  '@tracecal/core': 'chaincode/core',
  '@tracecal/gateway-client': 'gateway-client',
  '@tracecal/ledger': 'network/ledger',
  '@tracecal/network': 'network',
  '@tracecal/pki': 'network/pki',
};
/** Packages of others that cannot be in one file. A bundle needs none of them; the evidence of an audit is read with `classic-level`. */
const ELSEWHERE = ['@grpc/grpc-js', '@hyperledger/*', 'classic-level', 'libxml2-wasm', 'pkcs11js'];
/** The only modules that are imported for what they do. */
const ACTING = /protobufGuard/;

/** Leaves out what the command does not use, whatever else the modules that it is imported from hold. */
const onlyUsed = {
  name: 'only-used',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path.replace(/\.js$/, '.ts'));
      return file.startsWith(root) && !file.includes('node_modules') && existsSync(file)
        ? { path: file, sideEffects: ACTING.test(file) }
        : undefined;
    });
  },
};

const scripts = ['verify.mjs', 'bundled.mjs'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const folders = ['gateway-client/cli/src', ...Object.values(PACKAGES).map((path) => `${path}/src`)];
await makeOf(target, [join(root, 'package-lock.json'), ...scripts, ...filesBelow(folders, '.ts')], bundle);

async function bundle() {
  const entry = join(root, 'gateway-client', 'cli', 'src', 'verify.ts');
  const { outputFiles, metafile } = await bundledForNode(entry, {
    external: ELSEWHERE,
    plugins: [onlyUsed, fromSources(PACKAGES)],
  });
  const [made] = Object.values(metafile.outputs);
  const taken = Object.entries(made.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
  const licences = licenceTexts(taken).join('\n\n').replaceAll('*/', '* /');
  return `${outputFiles[0].text.trim()}\n/*\nThis file contains code of:\n\n${licences}\n*/\n`;
}

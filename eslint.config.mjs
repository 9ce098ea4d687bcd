import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Application folders that commands, a console and services share, lowest layer first. */
const APPLICATION = [
  'files',
  'keys',
  'confidential',
  'session',
  'scopes',
  'operations',
  'certificates',
  'founding',
  'watch',
  'log',
  'publish',
  'measurements',
].map((folder) => `application/${folder}`);

/** Globals whose results differ between runs or endorsers. */
const undeterministic = ['setTimeout', 'setInterval', 'fetch', 'process', 'performance', 'crypto'];

/** Layers of each workspace, lowest first. Imports go down only, and only to packages named here. */
const floors = [
  ...workspace('chaincode/core/src', {
    only: ['zod', '#platform'],
    // The allowed source of cryptography and text encodings; package.json maps it to Node or the browser.
    instead: { platform: ['node:', '@noble/'] },
    folders: ['platform', 'shape', 'model', 'signing', 'directives', 'trace', 'pseudonym', 'contracts', 'registry'],
  }),
  ...workspace('chaincode/src', {
    only: [
      '@tracecal/core',
      'zod',
      'fabric-contract-api',
      'fabric-shim',
      '@hyperledger/fabric-protos',
      'google-protobuf',
      'node:',
    ],
    folders: ['shim', 'contract', 'levels', 'registry', 'measurement', 'monitoring'],
  }),
  // Reading Fabric is pure, so that a browser, a proof and a replica can use it like the embedded network.
  ...workspace('network/ledger/src', {
    only: ['@tracecal/core/platform', '@tracecal/core/signing/'],
    instead: { crypto: ['node:crypto', '@noble/', '#crypto', '@tracecal/core/platform', '@tracecal/core/signing/'] },
    folders: ['crypto', 'wire', 'identity', 'policy', 'config', 'block', 'validation'],
  }),
  ...workspace('network/src', {
    never: ['@tracecal/gateway-client'],
    folders: [
      'system',
      'topology',
      'pki',
      'channel',
      'member',
      'admin',
      'proposal',
      'chaincode',
      'firewall',
      'running',
      'backup',
      'engines',
    ],
  }),
  // Writing certificates is pure too: the network and keepers of calibration keys use it.
  ...workspace('network/pki/src', { only: ['@tracecal/core', 'jsrsasign', 'node:crypto', 'node:net'], folders: ['.'] }),
  // The SDK queries a ledger and reads certificates. Running networks is the command line's job.
  ...workspace('gateway-client/src', {
    never: ['@tracecal/network', '@tracecal/chaincode', '@tracecal/cli'],
    // A replica stands on the rules of the ledger and of traces, a client for the blocks, and a store.
    instead: {
      replica: ['@tracecal/core', '@tracecal/ledger', 'classic-level', 'zod', 'node:'],
      audit: ['@tracecal/core', '@tracecal/ledger', 'zod', 'node:'],
    },
    folders: ['files', 'client', 'replica', 'dcc', 'proof', 'audit', 'device', 'monitor', ...APPLICATION],
  }),
  // Checking a bundle is pure: it runs in a browser, and years later with nothing else at hand.
  ...workspace('gateway-client/src/proof', {
    only: ['@tracecal/core/', '@tracecal/ledger/', 'zod'],
    folders: ['verify'],
  }),
  // The page that checks bundles has what a browser has, and nothing of Node.
  ...workspace('gateway-client/page/src', {
    only: ['@tracecal/core/', '@tracecal/gateway-client/proof/verify', 'zod'],
    folders: ['.'],
  }),
  // The monitor's service: connections, a store and HTTP around what `gateway-client/src/monitor` computes.
  ...workspace('gateway-client/monitor/src', {
    never: ['@tracecal/network', '@tracecal/chaincode', '@tracecal/cli'],
    folders: ['model', 'store', 'feed', 'probe', 'conclude', 'slices', 'alerts', 'reports', 'http', 'service'],
  }),
  ...workspace('gateway-client/cli/src', {
    never: ['fabric-shim', '@hyperledger/'],
    folders: ['data', 'network', 'view', 'doctor', 'commands'],
  }),
];

/**
 * @param rules Packages that all folders may import (`only`), exceptions for one folder (`instead`), and folders that may import none
 * (`never`).
 */
function workspace(path, { only, instead = {}, never, folders }) {
  return folders.map((folder, floor) => ({
    files: [folder === '.' ? `${path}/**/*.ts` : `${path}/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            packages(path, { only: instead[folder] ?? only, never }),
            ...folders
              .slice(floor + 1)
              .map((above) =>
                forbid(wayUp(folder, above), `${above} is a layer above ${folder}: imports go down only.`),
              ),
          ],
        },
      ],
    },
  }));
}

function packages(path, { only, never }) {
  return only
    ? forbid(`(?!\\.|${only.map(quoted).join('|')})`, `${path} must not import this package.`)
    : forbid(`(${never.map(quoted).join('|')})`, `${path} must not import this workspace.`);
}

/** Relative import path from a folder to one above it. Layers of one folder are siblings. */
function wayUp(folder, above) {
  const [parent, floor] = above.split('/');
  return `(\\.\\./)+${floor !== undefined && folder.startsWith(`${parent}/`) ? floor : parent}/`;
}

function forbid(start, message) {
  return { regex: `^${start}`, message };
}

function quoted(name) {
  return name.replaceAll('/', '\\/');
}

export default tseslint.config(
  { ignores: ['**/dist/**', 'coverage/**', 'node_modules/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'no-console': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // What runs on peers is deterministic: ledger state in, ledger state out.
    files: ['chaincode/core/src/**/*.ts', 'chaincode/src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...undeterministic],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Chaincode has no clock: use the transaction timestamp.' },
        { object: 'Math', property: 'random', message: 'Chaincode has no randomness.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Chaincode has no clock: use the transaction timestamp.',
        },
        {
          selector: 'CallExpression[callee.property.name=/^toLocale|^localeCompare$/]',
          message: 'Locale-dependent text differs between endorsers.',
        },
      ],
    },
  },
  {
    // The configuration of a member's service is the only input from outside the ledger.
    files: ['chaincode/src/registry/configuration.ts'],
    rules: { 'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch', 'performance', 'crypto'] },
  },
  {
    files: ['network/ledger/src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...undeterministic],
    },
  },
  {
    // A browser has no Buffer: bytes are Uint8Array.
    files: ['chaincode/core/src/**/*.ts', 'network/ledger/src/**/*.ts'],
    ignores: ['chaincode/core/src/platform/node.ts', 'network/ledger/src/crypto/node.ts'],
    rules: {
      'no-restricted-globals': ['error', ...undeterministic, 'Buffer'],
    },
  },
  ...floors,
  {
    // Private keys are Node's: an entry that no trace imports.
    files: ['chaincode/core/src/signing/nodeKey.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      complexity: 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
      },
    },
  },
);

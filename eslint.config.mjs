import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const inside = (pattern, message) => ({ group: pattern, message });

export default tseslint.config(
  { ignores: ['**/dist/**', 'coverage/**', 'node_modules/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
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
    // The chaincode is deterministic: ledger state in, ledger state out.
    files: ['chaincode/src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch', 'process', 'performance', 'crypto'],
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
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            inside(['@tracecal/*'], 'The chaincode imports no other workspace (DESIGN: imports point towards it).'),
          ],
        },
      ],
    },
  },
  {
    // What a member's service is started with is the one thing that comes from outside the ledger.
    files: ['chaincode/src/registry/configuration.ts'],
    rules: { 'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch', 'performance', 'crypto'] },
  },
  {
    // Reading Fabric is pure: a browser, a proof and a replica use it as the embedded network does.
    files: ['network/ledger/src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch', 'process', 'performance', 'crypto'],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@tracecal/(?!chaincode/signing/der$)',
              message: 'network/ledger imports no other workspace but the reader of DER.',
            },
            { regex: '^(?!\\.|@tracecal/)', message: 'network/ledger uses no package, no file and no socket.' },
          ],
        },
      ],
    },
  },
  {
    files: ['network/ledger/src/crypto/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\.|node:crypto$)', message: 'The crypto seam uses node:crypto alone.' }] },
      ],
    },
  },
  {
    files: ['network/src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            inside(['@tracecal/gateway-client', '@tracecal/gateway-client/*'], 'network never imports the client.'),
          ],
        },
      ],
    },
  },
  {
    // The command line is where the parts meet; the SDK itself never reaches into the network.
    files: ['gateway-client/src/**/*.ts'],
    ignores: ['gateway-client/src/cli/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            inside(['@tracecal/network', '@tracecal/network/*'], 'Only src/cli may import the network package.'),
          ],
        },
      ],
    },
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
      globals: { process: 'readonly', console: 'readonly', require: 'readonly', module: 'writable' },
    },
  },
);

// Writes docs/api: the exports of each package with their signatures, taken from the built declarations. With --check it writes nothing,
// names the pages that differ, and fails. If two branches changed the same page, run this again after the merge.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pages = join(root, 'docs', 'api');
const printer = ts.createPrinter({ removeComments: true });

const packages = manifestOf('.')
  .workspaces.map((folder) => ({ folder: join(root, folder), ...manifestOf(folder) }))
  .map((each) => ({ ...each, entries: entriesOf(each) }))
  .filter(({ private: isPrivate, entries }) => !isPrivate && entries.length > 0);

const options = {
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  noLib: true,
  types: [],
};
const host = ts.createCompilerHost(options);
// Show names from other packages as they are: no need to read their declarations.
host.resolveModuleNameLiterals = (literals, from, redirected, given) =>
  literals.map(({ text }) =>
    /^(?:[.#]|@tracecal\/)/.test(text)
      ? ts.resolveModuleName(text, from, given, host, undefined, redirected, ts.ModuleKind.CommonJS)
      : { resolvedModule: undefined },
  );
const program = ts.createProgram(
  packages.flatMap(({ entries }) => entries.map(({ file }) => file)),
  options,
  host,
);
const checker = program.getTypeChecker();

const differing = [];
for (const each of packages) {
  const page = join(pages, `${each.name.split('/')[1]}.md`);
  const text = sortEnums(pageOf(each));
  if (text === (contentOf(page) ?? '')) continue;
  differing.push(page.slice(root.length + 1));
  if (process.argv.includes('--check')) continue;
  mkdirSync(pages, { recursive: true });
  writeFileSync(page, text);
}

if (process.argv.includes('--check') && differing.length > 0) {
  process.stderr.write(
    `${differing.join(', ')} differ from the public API: run \`npm run api\` and review the difference.\n`,
  );
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  process.stdout.write(
    differing.length > 0 ? `Wrote ${differing.join(', ')}.\n` : 'The pages of the public API are up to date.\n',
  );
}

/** Sorts the members of enums (`kind: "kind";`): the compiler writes them in an order that depends on what it checked before. */
function sortEnums(page) {
  return page.replace(/(?:^ *("?)([\w-]+)\1: "\2";\n)+/gm, (members) =>
    members
      .split(/(?<=\n)/)
      .sort()
      .join(''),
  );
}

/** The declarations of each entry point, by import name. */
function entriesOf({ name, folder, exports = {} }) {
  return Object.entries(exports)
    .map(([entry, target]) => ({ specifier: `${name}${entry.slice(1)}`, types: target.types ?? target.default?.types }))
    .filter(({ types }) => types !== undefined)
    .map(({ specifier, types }) => ({ specifier, file: join(folder, types) }));
}

function pageOf({ name, folder, entries }) {
  const homes = new Map();
  const chapters = entries.map(({ specifier, file }) => chapterOf(specifier, exportsOf(file), homes));
  const hidden = [...homes].flatMap(([symbol, entry]) =>
    unexportedIn(symbol, folder, homes).map((each) => `- ${entry}: ${each}\n`),
  );
  return [
    `# ${name}: the public API\n`,
    'Written by `npm run api`: do not edit.\n',
    ...chapters,
    ...(hidden.length > 0
      ? [`## Named in signatures, and not exported\n\n${[...new Set(hidden)].sort().join('')}`]
      : []),
  ].join('\n');
}

/** @param homes The entry point that first exports each symbol; this function adds its own symbols */
function chapterOf(specifier, symbols, homes) {
  const lines = symbols.map(({ name, symbol }) => {
    const home = homes.get(symbol);
    if (home) return `export { ${name} } from '${home}';`;
    homes.set(symbol, specifier);
    return declarationsOf(symbol, name).join('\n');
  });
  return `## ${specifier}\n\n\`\`\`ts\n${lines.join('\n')}\n\`\`\`\n`;
}

function exportsOf(file) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  return checker
    .getExportsOfModule(module)
    .map((symbol) => ({ name: symbol.name, symbol: targetOf(symbol) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function targetOf(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function declarationsOf(symbol, name) {
  const declarations = symbol.declarations ?? [];
  if (declarations.some(ts.isSourceFile)) {
    const own = checker.getExportsOfModule(symbol).map((each) => each.name);
    return [`namespace ${name} { ${own.sort().join(', ')} }`];
  }
  return declarations.map((declaration) => {
    const whole = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return printer
      .printNode(ts.EmitHint.Unspecified, withoutPrivate(whole), whole.getSourceFile())
      .replace(/^export (declare )?/, '')
      .replace(/^declare /, '');
  });
}

/** A class without members that only its own methods use. */
function withoutPrivate(node) {
  if (!ts.isClassDeclaration(node)) return node;
  const members = node.members.filter(
    (member) =>
      !(member.name && ts.isPrivateIdentifier(member.name)) &&
      !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private),
  );
  return ts.factory.updateClassDeclaration(
    node,
    node.modifiers,
    node.name,
    node.typeParameters,
    node.heritageClauses,
    members,
  );
}

/** Types of this package that appear in public signatures but are not exported. */
function unexportedIn(symbol, folder, homes) {
  const found = [];
  const own = join(folder, 'dist') + sep;
  const visit = (node) => {
    if (ts.isPropertyDeclaration(node) && ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) return;
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const named = checker.getSymbolAtLocation(node.typeName ?? node.expression);
      const target = named && targetOf(named);
      const [declaration] = target?.declarations ?? [];
      const isOwn = declaration?.getSourceFile().fileName.startsWith(own.replaceAll(sep, '/'));
      if (isOwn && !ts.isTypeParameterDeclaration(declaration) && !homes.has(target)) found.push(target.name);
    }
    ts.forEachChild(node, visit);
  };
  (symbol.declarations ?? []).filter((each) => !ts.isSourceFile(each)).forEach(visit);
  return found;
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

function contentOf(file) {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return undefined;
  }
}

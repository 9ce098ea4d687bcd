// JSON Schemas of types, from their declarations: their structure, with their doc comments as descriptions.
import ts from 'typescript';

/** @param places What else is known of texts, by the names of their types. */
export class SchemaOfType {
  #checker;
  #program;
  #places;
  #definitions = {};

  constructor(files, places) {
    const options = {
      strict: true,
      exactOptionalPropertyTypes: true,
      lib: ['lib.es2023.d.ts'],
      types: [],
      skipLibCheck: true,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
    };
    this.#program = ts.createProgram(files, options);
    this.#checker = this.#program.getTypeChecker();
    this.#places = places;
  }

  /** A document with the schema of an exported type. */
  documentOf(file, name) {
    const module = this.#checker.getSymbolAtLocation(this.#program.getSourceFile(file));
    const symbol = this.#checker.getExportsOfModule(module).find((each) => each.name === name);
    if (!symbol) throw new Error(`${file} exports no type ${name}.`);
    this.#definitions = {};
    const schema = this.#objectOf(this.#checker.getDeclaredTypeOfSymbol(targetOf(symbol, this.#checker)));
    const names = Object.keys(this.#definitions).sort();
    return {
      ...described(targetOf(symbol, this.#checker), this.#checker),
      ...schema,
      ...(names.length > 0 && { $defs: Object.fromEntries(names.map((each) => [each, this.#definitions[each]])) }),
    };
  }

  /** @param node How the type is written there, if it is: an alias of a text is lost in its type. */
  #schemaOf(type, node) {
    const place = node && ts.isTypeReferenceNode(node) ? this.#places[node.typeName.getText()] : undefined;
    if (place && type.flags & ts.TypeFlags.String) return { type: 'string', ...place };
    if (type.isUnion()) return this.#unionOf(type, node);
    if (type.flags & ts.TypeFlags.String) return { type: 'string' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: type.intrinsicName === 'true' };
    if (type.flags & ts.TypeFlags.Unknown) return {};
    if (this.#checker.isTupleType(type)) return { type: 'array' };
    if (this.#checker.isArrayType(type)) {
      const [element] = this.#checker.getTypeArguments(type);
      return { type: 'array', items: this.#schemaOf(element, elementNode(node)) };
    }
    if (type.flags & ts.TypeFlags.Object || type.isIntersection()) return this.#named(type);
    throw new Error(`No schema is known for the type ${this.#checker.typeToString(type)}.`);
  }

  #unionOf(type, node) {
    const members = type.types.filter((each) => !(each.flags & ts.TypeFlags.Undefined));
    const nodes = node && ts.isUnionTypeNode(node) ? node.types : [];
    const isNull = (each) => (each.flags & ts.TypeFlags.Null) !== 0;
    const isBoolean = (each) => (each.flags & ts.TypeFlags.BooleanLiteral) !== 0;
    const literals = members.filter((each) => each.isStringLiteral());
    const others = members.filter((each) => !isNull(each) && !isBoolean(each) && !each.isStringLiteral());
    const booleans = members.filter(isBoolean);
    const parts = [
      // The compiler gives them in an order that depends on what it checked before.
      ...(literals.length > 1
        ? [{ enum: literals.map(({ value }) => value).sort() }]
        : literals.map((each) => this.#schemaOf(each))),
      ...(booleans.length > 1 ? [{ type: 'boolean' }] : booleans.map((each) => this.#schemaOf(each))),
      ...others.map((each) =>
        this.#schemaOf(
          each,
          nodes.find((one) => this.#checker.getTypeFromTypeNode(one) === each),
        ),
      ),
      ...(members.some(isNull) ? [{ type: 'null' }] : []),
    ];
    return parts.length === 1 ? parts[0] : { anyOf: parts };
  }

  /** An object whose type has a name is described once. */
  #named(type) {
    const symbol = type.aliasSymbol ?? type.symbol;
    const isNamed = symbol !== undefined && !symbol.name.startsWith('__') && !MADE_FROM_OTHERS.includes(symbol.name);
    if (!isNamed) return this.#objectOf(type);
    if (!Object.hasOwn(this.#definitions, symbol.name)) {
      this.#definitions[symbol.name] = {};
      this.#definitions[symbol.name] = { ...described(symbol, this.#checker), ...this.#objectOf(type) };
    }
    return { $ref: `#/$defs/${symbol.name}` };
  }

  #objectOf(type) {
    const properties = this.#checker.getPropertiesOfType(type);
    const schemas = properties.map((property) => {
      const declaration = property.valueDeclaration ?? property.declarations?.[0];
      const node = declaration && ts.isPropertySignature(declaration) ? declaration.type : undefined;
      const own = this.#schemaOf(this.#checker.getTypeOfSymbol(property), node);
      return [property.name, { ...described(property, this.#checker), ...own }];
    });
    const isOptional = ({ flags }) => (flags & ts.SymbolFlags.Optional) !== 0;
    return {
      type: 'object',
      properties: Object.fromEntries(schemas),
      required: properties.filter((each) => !isOptional(each)).map(({ name }) => name),
      additionalProperties: false,
    };
  }
}

const MADE_FROM_OTHERS = ['Pick', 'Omit', 'Readonly', 'Partial', 'Required', 'Record'];

function targetOf(symbol, checker) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function elementNode(node) {
  const array = node && ts.isTypeOperatorNode(node) ? node.type : node;
  return array && ts.isArrayTypeNode(array) ? array.elementType : undefined;
}

function described(symbol, checker) {
  const text = ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replace(/\{@link (\w+) ?\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? {} : { description: text };
}

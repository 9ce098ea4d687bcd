import { readFileSync } from 'node:fs';
import { compile } from './compiled.js';

/*
 * The head of the gate as one file. The gate itself follows in a comment, so that the engine does not read half a megabyte before it is known
 * whether that was compiled earlier.
 */

const BEGIN = '\n/*gate\n';
const END = '\n*/\n';

// Nothing but ASCII: the engine keeps and reads such a text in half the bytes.
const text = readFileSync(__filename, 'latin1');
const { run, compiled } = compile(text.slice(text.lastIndexOf(BEGIN) + BEGIN.length, -END.length), __filename);
run(require, module, compiled);

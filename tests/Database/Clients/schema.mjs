// What a JSON Schema says of YAML files: the schema's file, then the file with a list of texts. Prints a list with each
// text's first error, or null for one that the schema takes.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const [schema, texts] = process.argv.slice(2).map(path => JSON.parse(readFileSync(path, 'utf8')));
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false, strictRequired: false });
const takes = ajv.compile(schema);
console.log(JSON.stringify(texts.map(text => takes(parse(text)) ? null : ajv.errorsText(takes.errors))));

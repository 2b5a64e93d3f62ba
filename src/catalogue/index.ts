export {
  type CatalogueFile,
  type CatalogueFileOptions,
  type CatalogueStatus,
  createCatalogueFile,
  type OpenedCatalogueFile,
} from './catalogue-file.js';
export { catalogueMarkdown } from './catalogue-markdown.js';
export { type CatalogueTypesOptions, catalogueTypes } from './catalogue-types.js';
export {
  type CatalogueChange,
  type ChangeKind,
  type ChangeLevel,
  type ChangeSubject,
  changeLevels,
} from './diff/change.js';
export { diffCatalogues, isCompatible } from './diff/diff-catalogues.js';
export { catalogueFileSchema } from './editor-schema.js';
export {
  type ParsedCatalogue,
  type ParseOptions,
  type PrintableCatalogue,
  parseCatalogue,
} from './parse-catalogue.js';

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

export {
  type CatalogueFile,
  type CatalogueFileOptions,
  type CatalogueStatus,
  createCatalogueFile,
} from './catalogue-file.js';
export {
  type ParsedCatalogue,
  type ParseOptions,
  type PrintableCatalogue,
  parseCatalogue,
} from './parse-catalogue.js';

export {
  type CatalogueFile,
  type CatalogueFileOptions,
  type CatalogueStatus,
  createCatalogueFile,
  type OpenedCatalogueFile,
} from './catalogue-file.js';
export {
  type ParsedCatalogue,
  type ParseOptions,
  type PrintableCatalogue,
  parseCatalogue,
} from './parse-catalogue.js';

/** The files that settings name. */
export interface SettingFiles {
  /** The text of a file; throws where it cannot be read. */
  read(path: string): string;
  /** Whether the file's group or everybody may read it. */
  isOpenToOthers(path: string): boolean;
}

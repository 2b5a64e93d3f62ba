// Characters that look like a Latin one, and the one they look like, pairwise. Unicode TR 39's table of
// confusables has thousands; these are the scripts whose letters pass for Latin in running text.
const tables: readonly (readonly [from: string, to: string])[] = [
  // Cyrillic
  ['аԁеѕіјӏкмнопԛгтуүхѡԝьѵһҽв', 'adesijlkmhonqrtyyxwwbvheb'],
  ['АВЕСНІЈКМОРЅТУХԀӀԜԚѴҺ', 'ABECHIJKMOPSTYXDlWQVH'],
  ['срС', 'cpC'],
  // Greek
  ['αβγειικνορτυχηωςϳ', 'abyeiikvoptuxnwcj'],
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
  // Armenian
  ['օսոհցյզՕՍ', 'ounhgjqOU'],
  // Cherokee
  ['ᎠᎡᎢᎥᎪᎫᎬᎳᎷᎻᏀᏃᏒᏔᏚᏙᏞᏟᏢᏦᏴ', 'DRTiAJEWMHGZRWSVLCPKB'],
  // Lisu
  ['ꓐꓚꓓꓰꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜꓮ', 'BCDEGHIJKLMNOPRSTUVWXYZA'],
  // Latin with a stroke, without a dot, small capitals
  ['ıȷɡɑʏɩɪʟɴʀʙɢʜᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱꜰ', 'ijgayiilnrbghacdejkmoptuvwzsf'],
  ['øØđĐħłŁŧƒ', 'oOdDhlLtf'],
  // Dashes, slashes, full stops
  ['‐‑‒–—―−⁃﹣', '---------'],
  ['∕⁄', '//'],
  ['。｡․', '...'],
];

/** What a character looks like, by character: Latin letters and ASCII punctuation that others pass for. */
export const lookAlikes: ReadonlyMap<string, string> = new Map(
  tables.flatMap(([from, to]) =>
    [...from].map((character, index) => [character, to[index] ?? character] as const),
  ),
);

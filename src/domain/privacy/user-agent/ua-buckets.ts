/** The closed lists that stored events may carry. */
export const deviceTypes = ['desktop', 'mobile', 'tablet', 'other'] as const;
export type DeviceType = (typeof deviceTypes)[number];

export const browserFamilies = [
  'Chrome',
  'Safari',
  'Firefox',
  'Edge',
  'Opera',
  'Samsung Internet',
  'Brave',
  'Vivaldi',
  'DuckDuckGo',
  'in-app',
  'other',
] as const;
export type BrowserFamily = (typeof browserFamilies)[number];

export const osFamilies = ['Windows', 'macOS', 'iOS', 'Android', 'Linux', 'ChromeOS', 'other'] as const;
export type OsFamily = (typeof osFamilies)[number];

/**
 * Asked in order before the browser's name: an app that shows pages in a view of its own has the name of an
 * engine in its user agent, and its own somewhere in the middle.
 */
export const inAppPatterns: readonly RegExp[] = [
  /\bElectron\//,
  /\b(?:FBAN|FBAV|FBIOS|FB_IAB|FB4A)\b/,
  /\b(?:Instagram|Barcelona|Snapchat|Pinterest|LinkedInApp|WhatsApp|Telegram-Android|Discord|Reddit)\b/,
  /\bTwitter(?:Android| for )/,
  /\b(?:musical_ly|BytedanceWebview|TikTok|trill)/i,
  /\b(?:MicroMessenger|Weibo|AlipayClient|KAKAOTALK|NAVER\(|DaumApps|Zalo)/i,
  /\bLine\/\d/i,
  /\b(?:Slack|Slack_SSB|Teams|TeamsMobile-\w+|Klarna|GSA)\//,
  // Android's WebView says so (Android Compatibility Definition, section 3.4.1).
  /; wv\)/,
  // Every browser on Apple's systems ends in Safari/…; what does not is an app's WKWebView.
  /\((?:iPhone|iPad|iPod|Macintosh)[^)]*\) AppleWebKit\/(?!.*\bSafari\/)/,
];

/** Browser names of ua-parser-js 1.0.41 that are not `other`; asked in order, the whole name must match. */
export const browserNames: readonly (readonly [name: RegExp, family: BrowserFamily])[] = [
  [/^(?:Chrome|Chromium|Mobile Chrome|Chrome Headless)$/, 'Chrome'],
  [/^(?:Mobile )?Safari$/, 'Safari'],
  [/^(?:Mobile )?Firefox(?: Focus| Reality)?$|^(?:Klar|Fennec)$/, 'Firefox'],
  [/^Edge$/, 'Edge'],
  [/^Opera(?: \w+)?$/, 'Opera'],
  [/^Samsung Internet$/, 'Samsung Internet'],
  [/^Brave$/, 'Brave'],
  [/^Vivaldi$/, 'Vivaldi'],
  [/^DuckDuckGo$/, 'DuckDuckGo'],
  [/^(?:Chrome WebView|Electron|Facebook|GSA|TikTok|WeChat)$/, 'in-app'],
];

/** Names of operating systems in ua-parser-js 1.0.41 that are not `other`; asked in order. */
export const osNames: readonly (readonly [name: RegExp, family: OsFamily])[] = [
  [/^Windows$/, 'Windows'],
  [/^Mac OS$/, 'macOS'],
  [/^iOS$/, 'iOS'],
  [/^(?:Android(?:-x86)?|HarmonyOS)$/i, 'Android'],
  [/^Chromium OS$/, 'ChromeOS'],
  [
    /^(?:Linux|[KXL]?ubuntu|Debian|Fedora|Mint|Arch|Manjaro|openSUSE|SUSE|Gentoo|CentOS|Red ?Hat|Raspbian|elementary OS|Deepin|Mageia|Slackware|Mandriva|PCLinuxOS|Sabayon|Zenwalk|VectorLinux|Linpus|Linspire)$/i,
    'Linux',
  ],
];

/** Device types of ua-parser-js that are not `other`. It has no word for a desktop; see `deviceOf`. */
export const deviceNames: readonly (readonly [name: RegExp, type: DeviceType])[] = [
  [/^mobile$/, 'mobile'],
  [/^tablet$/, 'tablet'],
];

/** What a gateway or its HTTP client calls itself when the visitor's user agent was not passed on. */
export const gatewayProducts: readonly string[] = [
  'node',
  'undici',
  'node-fetch',
  'deno',
  'bun',
  'go-http-client',
  'hyper',
  'reqwest',
  'graphql-hive-gateway',
  'hive-gateway',
  'graphql-hive-router',
  'hive-router',
  'graphql-mesh',
  'apollo-router',
  'apollo-gateway',
  'minipass-fetch', // Apollo Gateway (Node)
  'make-fetch-happen',
  'cosmo-router',
  'wundergraph-cosmo-router',
  'grafbase-gateway',
  'reactornetty',
  'amazon cloudfront',
];

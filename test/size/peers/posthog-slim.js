import posthog from 'posthog-js/dist/module.slim.js';

posthog.init('key', { api_host: 'https://example.org' });
posthog.capture('button_clicked', { place: 'header' });

import posthog from 'posthog-js';

posthog.init('key', { api_host: 'https://example.org' });
posthog.capture('button_clicked', { place: 'header' });

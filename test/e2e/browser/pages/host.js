import { drive } from './driver.js';

drive({
  /** A link whose click is tracked, as careless as most. */
  addLink(count, journey) {
    const button = document.createElement('button');
    button.textContent = 'Elsewhere';
    button.onclick = () => {
      globalThis.host.track(count, journey);
      location.href = '/elsewhere';
    };
    document.body.append(button);
  },
  startWithThrowingHandlers(token) {
    const fail = () => {
      throw new Error('a fault of the app');
    };
    const failLater = async () => fail();
    globalThis.host.start({
      user: { id: 'somebody' },
      consent: 'granted',
      token,
      beforeSend: fail,
      onError: failLater,
      onConsentChange: fail,
    });
  },
  open: () => void window.open('/host'),
  windowNames: () => Object.getOwnPropertyNames(window).sort(),
});

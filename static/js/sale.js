// A nota's page: its PDF can be shared where the device can.

import { offerFile } from './share.js';

const button = document.querySelector('[data-share]');
offerFile(button, () => button.dataset.share, () => button.dataset.name);

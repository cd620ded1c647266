import './schemas.ts';
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import './theme/colours.css';
import { createRoot } from 'react-dom/client';
import { App } from './shell/App.tsx';
import { begin } from './shell/begin.ts';
import { followTheme } from './theme/theme.ts';

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no element #root');

// The theme is on the root element before the first paint, so that nothing flashes.
followTheme();
void begin().then(() => createRoot(element).render(<App />));

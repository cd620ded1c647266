import { z } from 'zod';

// The window's policy forbids eval. Without this, zod would probe for it and the refusal would
// stand in the console at every start. Must be imported before anything that parses.
z.config({ jitless: true });

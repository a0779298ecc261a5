/** The style sheets of every dashboard, in their order. */
export const DASHBOARD_STYLES = ['tones.css', 'plots.css', 'figures.css', 'tiles.css', 'dashboard.css'] as const

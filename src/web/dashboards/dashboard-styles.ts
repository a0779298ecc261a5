/** The style sheets of every page of figures, in their order. */
export const FIGURE_STYLES = ['tones.css', 'plots.css', 'figures.css', 'tiles.css', 'dashboard.css'] as const

"""Results → one HTML file that explains itself offline: `page` gathers what is shown, `render` draws it, the template only shows."""

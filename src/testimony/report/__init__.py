"""Results → one offline HTML file."""

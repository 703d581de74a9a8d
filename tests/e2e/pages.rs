//! On every page: what it does to the widget, and how it is set in.

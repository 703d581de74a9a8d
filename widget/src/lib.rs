//! x
use leptos::prelude::*;
pub fn x(el: leptos::web_sys::HtmlElement) { mount_to(el, || view!{<p>"x"</p>}).forget(); }

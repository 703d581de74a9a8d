//! An owner's look as a style sheet, with colours that can be read: WCAG 2.2 AA wants 4.5 to 1 between letters and their ground.

use heard_wire::{Color, Look, Shade, SurveyLook, TriedLook};
use palette::color_difference::Wcag21RelativeContrast as _;
use palette::{FromColor as _, IntoColor as _, Mix as _, Oklch, Srgb};

const ENOUGH: f32 = 4.5;
/// A white button on a white panel is none, whatever its border.
const SEEN: f32 = 1.3;
/// Steps between a colour and black or white.
const STEPS: u16 = 200;

/// A panel, as `widget/first/style.css` paints it.
struct Ground {
    panel: Srgb<u8>,
    /// Letters on the accent: whichever can be read better.
    letters: [Srgb<u8>; 2],
    /// Where colours go that cannot be read.
    away: f32,
    /// How much of the brand is in the tint under a pointer.
    tint: f32,
    /// The colour that can be read best.
    furthest: Srgb<u8>,
}

const LIGHT: Ground = Ground {
    panel: Srgb::new(0xff, 0xff, 0xff),
    letters: [Srgb::new(0xff, 0xff, 0xff), Srgb::new(0x10, 0x14, 0x1a)],
    away: 0.0,
    tint: 0.08,
    furthest: Srgb::new(0, 0, 0),
};
const DARK: Ground = Ground {
    panel: Srgb::new(0x1c, 0x21, 0x27),
    letters: [Srgb::new(0x10, 0x14, 0x1a), Srgb::new(0xff, 0xff, 0xff)],
    away: 1.0,
    tint: 0.16,
    furthest: Srgb::new(0xff, 0xff, 0xff),
};

/// The colours that a brand's comes to on a panel.
struct Colors {
    shade: Shade,
    /// Under a pointer: of the button, and of what can be chosen.
    strong: Srgb<u8>,
    hover: Srgb<u8>,
}

/// The look as pages get it; `None` where the owner set none.
pub(crate) fn look(look: &Look) -> Option<SurveyLook> {
    (!look.is_plain()).then(|| SurveyLook {
        css: try_look(look).css,
        font: look.font.unwrap_or_default(),
        scheme: look.scheme,
        position: look.position,
    })
}

/// What a look comes to.
#[must_use]
pub fn try_look(look: &Look) -> TriedLook {
    let brand = look.accent.as_ref().map(rgb);
    // What the widget's own style sheet has.
    let light = colors(brand.unwrap_or(Srgb::new(0x1f, 0x4f, 0xd1)), &LIGHT);
    let dark = colors(brand.unwrap_or(Srgb::new(0x8f, 0xb0, 0xff)), &DARK);
    let mut css = String::new();
    if brand.is_some() {
        for (host, Colors { shade, strong, hover }) in [(":host", &light), (":host([data-scheme=dark])", &dark)] {
            let Shade { accent, on, ink, .. } = shade;
            let (strong, hover) = (color(*strong), color(*hover));
            css.push_str(&format!(
                "{host}{{--accent:{accent};--on:{on};--ink:{ink};--strong:{strong};--hover:{hover}}}"
            ));
        }
    }
    if let Some(radius) = look.radius {
        css.push_str(&format!(":host{{--radius:{radius}px}}"));
    }
    if let Some(logo) = &look.logo {
        css.push_str(&format!(
            ".panel::before{{content:\"\";display:block;height:28px;margin:0 36px 12px 0;background:url(\"{logo}\") 0/contain no-repeat}}\
             .panel:dir(rtl)::before{{margin:0 0 12px 36px;background-position:100%}}"
        ));
    }
    TriedLook { css, light: light.shade, dark: dark.shade }
}

fn colors(brand: Srgb<u8>, ground: &Ground) -> Colors {
    let panel = ground.panel.into_format::<f32>();
    let hover = panel.mix(brand.into_format::<f32>(), ground.tint).into_format::<u8>();
    let nearest = |fits: &dyn Fn(Srgb<u8>) -> bool| {
        let mut all = (0..=STEPS).map(|step| towards(brand, ground.away, f32::from(step) / f32::from(STEPS)));
        all.find(|color| fits(*color)).unwrap_or(ground.furthest)
    };
    // On a filled button letters must be read, and these are light or dark: nearly every brand stays as it is.
    let on_it = |color: Srgb<u8>| contrast(color, letters_on(color, ground));
    let accent = nearest(&|color| on_it(color) >= ENOUGH && contrast(color, ground.panel) >= SEEN);
    // A line and a link stand on the panel; under a pointer, on the tint.
    let on_panel = |color: Srgb<u8>| contrast(color, ground.panel).min(contrast(color, hover));
    let ink = nearest(&|color| on_panel(color) >= ENOUGH);
    let on = letters_on(accent, ground);
    let away = if on.red > 0x80 { 0.0 } else { 1.0 };
    Colors {
        shade: Shade {
            accent: color(accent),
            on: color(on),
            ink: color(ink),
            contrast: f64::from((on_it(accent).min(on_panel(ink)) * 100.0).floor()) / 100.0,
            corrected: accent != brand || ink != brand,
        },
        strong: towards(accent, away, 0.2),
        hover,
    }
}

/// The same hue, so far on the way to black (0) or white (1).
fn towards(color: Srgb<u8>, lightness: f32, part: f32) -> Srgb<u8> {
    if part == 0.0 {
        return color;
    }
    let mut moved = Oklch::from_color(color.into_format::<f32>());
    moved.l += (lightness - moved.l) * part;
    moved.chroma *= 1.0 - part;
    let moved: Srgb = moved.into_color();
    Srgb::new(moved.red.clamp(0.0, 1.0), moved.green.clamp(0.0, 1.0), moved.blue.clamp(0.0, 1.0)).into_format()
}

fn letters_on(accent: Srgb<u8>, ground: &Ground) -> Srgb<u8> {
    let [first, second] = ground.letters;
    if contrast(accent, first) >= ENOUGH || contrast(accent, first) >= contrast(accent, second) {
        first
    } else {
        second
    }
}

fn contrast(one: Srgb<u8>, other: Srgb<u8>) -> f32 {
    one.into_format::<f32>().relative_contrast(other.into_format::<f32>())
}

fn rgb(color: &Color) -> Srgb<u8> {
    Srgb::from(color.rgb())
}

fn color(color: Srgb<u8>) -> Color {
    Color::of([color.red, color.green, color.blue])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn whatever_the_brand_everything_can_be_read(brand: [u8; 3]) {
            let told = try_look(&Look { accent: Some(Color::of(brand)), ..Look::default() });
            for (ground, Shade { accent, on, ink, contrast: told, corrected }) in [(LIGHT, told.light), (DARK, told.dark)] {
                let (accent, on, ink) = (rgb(&accent), rgb(&on), rgb(&ink));
                prop_assert!(contrast(accent, on) >= ENOUGH, "{on:?} on {accent:?}");
                prop_assert!(contrast(accent, ground.panel) >= SEEN, "{accent:?} is seen");
                prop_assert!(contrast(ink, ground.panel) >= ENOUGH, "{ink:?} on the panel");
                prop_assert!(told >= 4.5);
                prop_assert_eq!(corrected, accent != Srgb::from(brand) || ink != Srgb::from(brand));
                // Under a pointer, too.
                let Colors { strong, hover, .. } = colors(Srgb::from(brand), &ground);
                prop_assert!(contrast(strong, on) >= ENOUGH && contrast(ink, hover) >= ENOUGH);
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let told = try_look(&Look { accent: "#0a58ca".parse().ok(), ..Look::default() });
        assert_eq!(
            (told.light.accent.as_str(), told.light.on.as_str(), told.light.corrected),
            ("#0a58ca", "#ffffff", false)
        );
        assert!(told.dark.corrected, "lines in it are too dark for a dark panel");
        let yellow = try_look(&Look { accent: "#ffd400".parse().ok(), ..Look::default() }).light;
        assert_eq!((yellow.accent.as_str(), yellow.on.as_str()), ("#ffd400", "#10141a"), "a yellow brand stays yellow");
        assert_ne!(yellow.ink.as_str(), "#ffd400", "and its lines can be seen");
    }

    #[test]
    fn no_style_sheet_can_be_broken_out_of() {
        for logo in [
            "https://a.example/x\");}",
            "https://a.example/a b",
            "javascript:alert(1)",
            "http://a.example/x.png",
            "https://",
        ] {
            let look = Look { logo: Some(logo.to_owned()), ..Look::default() };
            assert!(look.fault().is_some(), "{logo}");
        }
        let look = Look { logo: Some("https://a.example/x.svg?v=2".to_owned()), ..Look::default() };
        assert!(look.fault().is_none() && try_look(&look).css.contains("url(\"https://a.example/x.svg?v=2\")"));
    }
}

<?php
// In functions.php of the (child) theme, or in a plugin for snippets. WP Rocket, Autoptimize and LiteSpeed Cache merge and
// delay scripts: exclude heard.js there.
add_action( 'wp_enqueue_scripts', function () {
    wp_enqueue_script( 'heard', 'https://heard.example/heard.js', array(), null, array( 'in_footer' => true, 'strategy' => 'async' ) );
} );
add_filter( 'script_loader_tag', function ( $tag, $handle ) {
    if ( 'heard' !== $handle ) {
        return $tag;
    }
    $visitor = is_user_logged_in() ? ' data-visitor="wp-' . get_current_user_id() . '"' : '';
    return str_replace( ' src=', ' data-site="shop"' . $visitor . ' src=', $tag );
}, 10, 2 );

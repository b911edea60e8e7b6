<?php
/** A double of the few functions of WordPress that the plugin's decisions need: for tests of these alone. WordPress itself is in site.test.mjs. */

define( 'ABSPATH', __DIR__ );
$GLOBALS['wp'] = array( 'options' => array(), 'hooks' => array(), 'can' => array(), 'preview' => false );

function add_action( $name, $run, ...$rest ) { $GLOBALS['wp']['hooks'][ $name ][] = $run; }
function add_filter( $name, $run, ...$rest ) { add_action( $name, $run ); }
function apply_filters( $name, $value, ...$rest ) {
	foreach ( $GLOBALS['wp']['hooks'][ $name ] ?? array() as $run ) {
		$value = $run( $value, ...$rest );
	}
	return $value;
}
function get_option( $name, $default = false ) { return $GLOBALS['wp']['options'][ $name ] ?? $default; }
function current_user_can( $what ) { return in_array( $what, $GLOBALS['wp']['can'], true ); }
function is_customize_preview() { return false; }
function is_preview() { return $GLOBALS['wp']['preview']; }
function is_feed() { return false; }
function is_embed() { return false; }
function is_admin() { return false; }
function __return_true() { return true; }
function __( $text, $domain ) { return $text; }
function esc_url_raw( $url, $schemes ) { return preg_match( '#^(https?://|/)#i', $url ) ? preg_replace( '#[^-a-z0-9~+_.?\#=!&;,/:%@$|*\'()\[\]]#i', '', $url ) : ''; }
function sanitize_text_field( $text ) { return trim( strip_tags( $text ) ); }
function wp_strip_all_tags( $text ) { return trim( strip_tags( $text ) ); }
function wp_json_encode( $data, $flags = 0 ) { return json_encode( $data, $flags ); }
function wp_unslash( $text ) { return stripslashes( $text ); }
function wp_parse_url( $url, $part ) { return parse_url( $url, $part ); }
function get_bloginfo( $what ) { return 'Kahvi &quot;Kulma&quot;'; }
function wp_specialchars_decode( $text, $how ) { return htmlspecialchars_decode( $text, $how ); }
function plugin_basename( $file ) { return 'polku/polku.php'; }
function plugins_url( $path, $file ) { return '/wp-content/plugins/polku/' . $path; }
function get_queried_object_id() { return 7; }
function get_the_terms( $id, $taxonomy ) { return array( (object) array( 'name' => 'Kahvi & tee' ) ); }
function wp_print_script_tag( $attributes ) {
	foreach ( $attributes as $name => $value ) {
		$attributes[ $name ] = true === $value ? $name : $name . '="' . htmlspecialchars( $value ) . '"';
	}
	echo '<script ' . implode( ' ', $attributes ) . '></script>';
}

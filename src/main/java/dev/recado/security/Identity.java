package dev.recado.security;

/** Somebody whom an {@link Authenticator} knows, and what that somebody may do. */
public record Identity(String user, Rights rights) {}

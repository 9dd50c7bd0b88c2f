package dev.recado.transport.zmtp;

/** A peer that pushes: each of its messages is stored in the pipeline's topic. One owner. */
final class PullTraffic extends PublishingTraffic {

    PullTraffic(ZmtpEnvironment environment, ZmtpSession session) {
        super(environment, session, Role.PULL);
    }
}

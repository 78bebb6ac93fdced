namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>Socket types of ZMTP 3.0 (rfc.zeromq.org/spec/23) that we are or talk to.</summary>
internal enum ZmtpSocketType
{
    Pub,
    Sub,
    Req,
    Rep,
    Push,
    Pull,
}

namespace Realtime.Interop.Tests;

public class PythonPeerTests
{
    [NeedsPythonFact]
    public void Lines_go_both_ways_and_the_exit_code_comes_back()
    {
        using var peer = PythonPeer.Start("Python/echo.py", "one two", "drei µ");
        peer.Expect("ready one two drei µ");
        peer.WriteLine("hello");
        peer.Expect("echo hello");
        peer.WriteLine("quit");
        Assert.Equal(3, peer.WaitForExit());
    }

    [NeedsPythonFact]
    public void An_ended_script_is_told_from_a_slow_one()
    {
        using var peer = PythonPeer.Start("Python/echo.py");
        peer.Expect("ready");
        peer.Kill();
        var error = Assert.Throws<InvalidOperationException>(() => peer.ReadLine());
        Assert.Contains("it has ended", error.Message, StringComparison.Ordinal);
    }

    [NeedsPythonFact]
    public void A_missing_module_is_named()
    {
        var reason = PythonInterpreter.WhyMissing("sys", "no_such_module_here");
        Assert.NotNull(reason);
        Assert.Contains("no_such_module_here", reason, StringComparison.Ordinal);
    }

    [NeedsPythonFact("zmq", "msgpack", "numpy")]
    public void Modules_that_are_there_are_found() => Assert.Null(PythonInterpreter.WhyMissing("zmq", "msgpack", "numpy"));
}

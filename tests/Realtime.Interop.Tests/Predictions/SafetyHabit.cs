using Realtime.Engine.Answers;
using Realtime.Engine.Time;

namespace Realtime.Interop.Tests.Predictions;

/// <summary>What every example subscriber must do (docs/prediction-message.md, "The safety habit").</summary>
internal static class SafetyHabit
{
    public static void ActsOnFreshAndGoesSafeInSilence(ClientRig rig)
    {
        rig.Send(ClientRig.Answer(0));
        rig.SaysAct(0);
        rig.Send(ClientRig.Answer(1));
        rig.SaysAct(1);

        // Messages of another topic are no sign of life of the decoder.
        for (var i = 0; i < 15; i++)
        {
            rig.Send("other", rig.Message(ClientRig.Answer(2)));
            Thread.Sleep(100);
        }

        rig.Send(ClientRig.Answer(2));
        Assert.Equal($"safe silence for {ClientRig.SilenceMs} ms", rig.NextLine());
        rig.SaysAct(2);
        rig.KillPublisher();
        Assert.StartsWith("safe ", rig.NextLine(), StringComparison.Ordinal);
    }

    public static void GoesSafeWithTheReason(ClientRig rig)
    {
        foreach (var status in new[] { AnswerStatus.Late, AnswerStatus.Held, AnswerStatus.NoData })
        {
            rig.Send(ClientRig.Answer((long)status - 1) with { Status = status });
            Assert.Equal($"safe status {rig.StatusName(status)}", rig.Says());
        }

        rig.Send(ClientRig.Answer(3) with { AgeNs = 90_000 * ClientRig.MillisecondNs });
        rig.SaysThatStarts("safe data are 9");

        // Young when it was made, but made long ago: it has waited in a queue.
        rig.Send(ClientRig.Answer(4) with { EmittedNs = MonotonicClock.Instance.NowNs - 90_000 * ClientRig.MillisecondNs });
        rig.SaysThatStarts("safe data are 9");
        rig.Send(ClientRig.Answer(5), float.NaN);
        Assert.Equal("safe a value is missing or not finite", rig.Says());
        rig.ChangeSender("run a", new string('0', 64));
        rig.Send(ClientRig.Answer(6));
        rig.SaysThatStarts("safe model wiener has hash 0000");
        rig.ChangeSender("run a", ClientRig.Hash);
        rig.Send(ClientRig.Answer(7));
        rig.SaysAct(7);
    }

    public static void SurvivesBrokenNewerAndForeignMessages(ClientRig rig)
    {
        rig.Send("send", [0xC1]);
        rig.SaysThatStarts("safe unreadable message");
        var newer = rig.Message(ClientRig.Answer(0));
        newer[5] = 2;
        rig.Send("send", newer);
        rig.SaysThatStarts("safe unreadable message: schema version 2");
        rig.Send(ClientRig.Answer(1));
        rig.SaysAct(1);
        rig.Send("other", rig.Message(ClientRig.Answer(2)));
        rig.Send(ClientRig.Answer(5));
        Assert.Equal("missed 3 messages", rig.Says());
        rig.SaysAct(5);
        rig.ChangeSender("run b", ClientRig.Hash);
        rig.Send(ClientRig.Answer(0));
        rig.SaysAct(0);
    }
}

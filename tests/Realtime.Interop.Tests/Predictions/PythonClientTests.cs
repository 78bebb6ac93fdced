using System.Text;
using Realtime.Acquisition.Predictions;

namespace Realtime.Interop.Tests.Predictions;

/// <summary>The example subscriber rig-configs/clients/predictions.py, fed with real messages through a real ZeroMQ socket.</summary>
public class PythonClientTests
{
    [NeedsPythonFact("zmq", "msgpack")]
    public void A_fresh_message_is_acted_on_and_silence_goes_to_the_safe_state()
    {
        using var rig = Start();
        SafetyHabit.ActsOnFreshAndGoesSafeInSilence(rig);
    }

    [NeedsPythonFact("zmq", "msgpack")]
    public void Whatever_is_not_safe_to_act_on_goes_to_the_safe_state_with_the_reason()
    {
        using var rig = Start();
        SafetyHabit.GoesSafeWithTheReason(rig);
    }

    [NeedsPythonFact("zmq", "msgpack")]
    public void Broken_newer_and_foreign_messages_do_not_stop_it()
    {
        using var rig = Start();
        SafetyHabit.SurvivesBrokenNewerAndForeignMessages(rig);
    }

    private static ClientRig Start() => new(
        endpoint => PythonPeer.Start(
            "../../rig-configs/clients/predictions.py",
            endpoint, "--model-hash", ClientRig.Hash, "--max-age-ms", ClientRig.MaxAgeMs, "--silence-ms", ClientRig.SilenceMs),
        status => Encoding.UTF8.GetString(PredictionSchema.StatusText(status)),
        client => ((PythonPeer)client).ReadLine());
}

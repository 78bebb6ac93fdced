namespace Realtime.Interop.Tests.Predictions;

/// <summary>The example subscriber rig-configs/clients/csharp, fed with real messages by pyzmq.</summary>
public class CSharpClientTests
{
    [NeedsCSharpClientFact]
    public void A_fresh_message_is_acted_on_and_silence_goes_to_the_safe_state()
    {
        using var rig = Start();
        SafetyHabit.ActsOnFreshAndGoesSafeInSilence(rig);
    }

    [NeedsCSharpClientFact]
    public void Whatever_is_not_safe_to_act_on_goes_to_the_safe_state_with_the_reason()
    {
        using var rig = Start();
        SafetyHabit.GoesSafeWithTheReason(rig);
    }

    [NeedsCSharpClientFact]
    public void Broken_newer_and_foreign_messages_do_not_stop_it()
    {
        using var rig = Start();
        SafetyHabit.SurvivesBrokenNewerAndForeignMessages(rig);
    }

    private static ClientRig Start() => new(
        endpoint => new LinePeer(
            "dotnet",
            Path.GetDirectoryName(NeedsCSharpClientFactAttribute.Program)!,
            NeedsCSharpClientFactAttribute.Program, endpoint, ClientRig.Hash, ClientRig.MaxAgeMs, ClientRig.SilenceMs),
        status => status.ToString(),
        client => ((LinePeer)client).ReadLine());
}

using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// An animal before a screen on which a bar moves to and fro at random speed. Its gaze follows the bar after 100 ms and goes its own way as well: by an inner state
/// that also sets how fast it runs, and that the screen does not show.
/// </summary>
internal static class VisualBehaviour
{
    /// <summary>Hidden column: where the bar is, 0 (left) to 1.</summary>
    public const int Bar = 0;

    /// <summary>Hidden column: the inner state, variance 1.</summary>
    public const int State = 1;

    private const double SpeedTau = 0.6;
    private const double SpeedSigma = 0.7;
    private const double StateTau = 1.2;
    private const double Margin = 0.08;
    private const int DelaySteps = 10;
    private const double ScreenCm = 30;
    private const double StateCm = 5;

    /// <summary>Columns gaze_x (cm from the screen's middle), run_speed (cm/s).</summary>
    public static BehaviourTrace Simulate(int steps, PortableRandom random)
    {
        var (gaze, run, bar, state) = (new double[steps], new double[steps], new double[steps], new double[steps]);
        var (speedDecay, stateDecay) = (PortableMath.Exp(-BehaviourTrace.StepSeconds / SpeedTau), PortableMath.Exp(-BehaviourTrace.StepSeconds / StateTau));
        var (speedKick, stateKick) = (Math.Sqrt(1 - speedDecay * speedDecay), Math.Sqrt(1 - stateDecay * stateDecay));
        var (x, speed, inner) = (random.Uniform(Margin, 1 - Margin), SpeedSigma * random.Normal(), random.Normal());
        for (var step = 0; step < steps; step++)
        {
            speed = speedDecay * speed + speedKick * SpeedSigma * random.Normal();
            x += speed * BehaviourTrace.StepSeconds;
            if (x < Margin || x > 1 - Margin)
            {
                x = Math.Clamp(x, Margin, 1 - Margin);
                speed = -speed;
            }

            inner = stateDecay * inner + stateKick * random.Normal();
            (bar[step], state[step]) = (x, inner);
            gaze[step] = ScreenCm * (bar[Math.Max(0, step - DelaySteps)] - 0.5) + StateCm * inner;
            run[step] = Math.Max(0, 8 + 6 * inner);
        }

        return new BehaviourTrace([new("gaze_x", "cm"), new("run_speed", "cm/s")], [gaze, run]) { Hidden = [bar, state] };
    }
}

namespace Realtime.Acquisition.Simulation;

/// <summary>What the simulated animal does, and how its units are tuned.</summary>
public enum SimulationKind
{
    /// <summary>Free foraging; head-direction cells. Behaviour: cos_head_direction, sin_head_direction, head_direction.</summary>
    HeadDirection,

    /// <summary>Point-to-point reaching; motor cortex. Behaviour: hand_x, hand_y, hand_vx, hand_vy.</summary>
    Reach,

    /// <summary>Foraging in a square box; hippocampal place cells. Behaviour: x, y, speed.</summary>
    Place,

    /// <summary>A bar that moves on a screen; visual cortex. Behaviour: gaze_x, run_speed; video frames.</summary>
    Visual,
}
